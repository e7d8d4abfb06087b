using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Routing;

public sealed class ManyDeploymentsTests
{
    private const int Count = 5000;
    private static readonly RunnerId Here = RunnerId.Parse("here");
    private static readonly RunnerId There = RunnerId.Parse("there");
    private static readonly ServiceName App = ServiceName.Parse("app");
    private static readonly ServiceName Db = ServiceName.Parse("db");

    [Fact]
    public void Each_of_thousands_of_deployments_has_its_own_ways_and_no_other()
    {
        var table = RouteTable.Build(Routes(), previous: null);
        for (var i = 0; i < Count; i++)
        {
            var target = table.ResolveEntry(Container(i), DbAddress(i)).Way.ShouldNotBeNull().Elsewhere.ShouldHaveSingleItem();
            (target.Caller.Deployment, target.Target, target.Peer.Runner).ShouldBe((Name(i), Db, There));
            table.ResolveEntry(Container(i), DbAddress((i + 1) % Count)).Refusal.ShouldBe(RouteRefusal.UnknownTarget);

            var exit = table.ResolveExit(There, new OpenRequest(Name(i), Db, 0, 1, App, 80));
            (exit.Instance?.Address, exit.CallerIstAddress).ShouldBe((Container(i), DbAddress(i)));
        }
    }

    [Fact]
    public void Routes_that_are_put_together_anew_and_say_the_same_keep_their_ways()
    {
        var before = RouteTable.Build(Routes(), previous: null);
        var after = RouteTable.Build(Routes(), before);
        for (var i = 0; i < Count; i++)
        {
            after.ResolveEntry(Container(i), DbAddress(i)).Way.ShouldBeSameAs(before.ResolveEntry(Container(i), DbAddress(i)).Way);
        }
    }

    [Fact]
    public void Only_the_deployment_that_changed_gets_new_ways()
    {
        const int changed = 1234;
        var before = RouteTable.Build(Routes(), previous: null);
        var after = RouteTable.Build(Routes(changed), before);
        for (var i = 0; i < Count; i++)
        {
            var (old, now) = (before.ResolveEntry(Container(i), DbAddress(i)).Way, after.ResolveEntry(Container(i), DbAddress(i)).Way);
            ReferenceEquals(old, now).ShouldBe(i != changed);
        }

        after.ResolveExit(There, new OpenRequest(Name(changed), Db, 0, 1, App, 80)).Refusal.ShouldBe(RouteRefusal.CallerNotThere);
        after.ResolveExit(There, new OpenRequest(Name(changed), Db, 0, 2, App, 80)).Refusal.ShouldBe(RouteRefusal.None);
    }

    private static DeploymentName Name(int i) => DeploymentName.Parse($"d{i}");

    private static Ipv4Address AppAddress(int i) => new(Ipv4Address.Parse("10.200.0.0").Bits + (2 * (uint)i));

    private static Ipv4Address DbAddress(int i) => new(AppAddress(i).Bits + 1);

    private static Ipv4Address Container(int i) => new(Ipv4Address.Parse("172.20.0.0").Bits + (uint)i);

    private static RunnerRoutes Routes(int? moved = null)
    {
        var (here, there) = (new NodeEndpoint("here", 4054), new NodeEndpoint("there", 4054));
        return new RunnerRoutes(Here, [.. Enumerable.Range(0, Count).Select(i => Deployment(i, i == moved ? 2 : 1))], [new Peer(Here, here, here), new Peer(There, there, there)]);
    }

    private static DeploymentRoutes Deployment(int i, long dbGeneration) => new(Name(i), null,
    [
        new ServiceRoute(App, AppAddress(i), One(new InstanceId(Name(i), App, 0, 1), Here, Container(i))),
        new ServiceRoute(Db, DbAddress(i), One(new InstanceId(Name(i), Db, 0, dbGeneration), There, null)),
    ]);

    private static ImmutableArray<InstanceRoute> One(InstanceId instance, RunnerId runner, Ipv4Address? container) => [new InstanceRoute(instance, runner, container)];
}
