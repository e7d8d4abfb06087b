using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Metrics;
using Warp.Node.Relay.Edges;
using Xunit;

namespace Warp.Node.Tests.Metrics;

public sealed class EdgeFlowsTests
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly ServiceName App = ServiceName.Parse("app");
    private static readonly ServiceName Db = ServiceName.Parse("db");
    private static readonly ServiceName Cache = ServiceName.Parse("cache");
    private static readonly DateTimeOffset Noon = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Rates_are_what_came_between_two_looks_and_the_busiest_is_first()
    {
        var before = new[] { Edge(Db, EdgeCounts.None with { BytesSent = 1000 }), Edge(Cache, EdgeCounts.None with { BytesReceived = 50 }) };
        var after = new[] { Edge(Cache, EdgeCounts.None with { BytesReceived = 50 }), Edge(Db, EdgeCounts.None with { BytesSent = 4000, Connects = [3, 1, 0, 0, 0] }) };

        var flows = EdgeFlows.Of([.. before], [.. after], TimeSpan.FromSeconds(2), [], Noon);

        flows.Select(flow => flow.Target).ShouldBe([Db, Cache]);
        flows[0].Rates.ShouldBe(new EdgeRates(2, 0, 1500, 0));
        (flows[0].LastSeen, flows[1].LastSeen).ShouldBe((Noon, Noon - TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void An_edge_that_was_forgotten_between_two_looks_has_no_rates_below_zero()
    {
        var flows = EdgeFlows.Of([Edge(Db, EdgeCounts.None with { BytesSent = 4000 })], [Edge(Db, EdgeCounts.None with { BytesSent = 10 })], TimeSpan.FromSeconds(1), [], Noon);

        flows[0].Rates.BytesSent.ShouldBe(10);
    }

    [Fact]
    public void What_the_kernel_carries_is_added_to_its_edge_or_is_an_edge_of_its_own()
    {
        KernelFlow[] kernel = [new(Instance(App), Instance(Db), 80, 2), new(new InstanceId(Shop, App, 1, 1), Instance(Db), 80, 1), new(Instance(App), Instance(Cache), 6379, 5)];

        var flows = EdgeFlows.Of([], [Edge(Db, EdgeCounts.None)], TimeSpan.FromSeconds(1), kernel, Noon);

        flows.Select(flow => (flow.Target, flow.Port, flow.InKernel)).ShouldBe([(Cache, 6379, 5), (Db, 80, 3)]);
    }

    private static EdgeView Edge(ServiceName target, EdgeCounts counts) => new(Shop, App, target, 80, counts, TimeSpan.FromSeconds(30));

    private static InstanceId Instance(ServiceName service) => new(Shop, service, 0, 1);
}
