using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Edges;
using Xunit;

namespace Warp.Node.Tests.Relay.Edges;

/// <summary>What passes is counted once, on the runner of the caller, by who calls whom.</summary>
public sealed class EdgeCountingTests
{
    [Fact]
    public async Task A_connection_through_a_trunk_is_counted_at_its_entry_and_only_there()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using (var client = await relays.ConnectAsync())
        {
            await TargetServer.SendAllAsync(client, new byte[100_000]);
            await ReceiveAsync(client, 100_000);

            var edge = relays.One.Edges().ShouldHaveSingleItem();
            (edge.Deployment, edge.Caller, edge.Target, edge.Port).ShouldBe((TestRelays.Deployment, ServiceName.Parse("app"), ServiceName.Parse("db"), server.Port));
            (edge.Counts.Open, edge.Counts.Connected, edge.Counts.BytesSent, edge.Counts.BytesReceived).ShouldBe((1, 1, 100_000, 100_000));
            edge.Counts.Failures.Sum().ShouldBe(0);
        }

        await Wait.UntilAsync(() => relays.One.Edges()[0].Counts.Open == 0, "it is over");
        relays.One.Edges()[0].Counts.Connected.ShouldBe(1);
        relays.Two.Edges().ShouldBeEmpty();
        relays.One.Links().ShouldHaveSingleItem().Counters.BytesSent.ShouldBe(100_000);
    }

    [Fact]
    public async Task A_closed_port_is_a_failure_of_its_edge()
    {
        await using var relays = TestRelays.Start(TestPorts.Next());
        using var client = await relays.ConnectAsync();
        await Should.ThrowAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit));

        await Wait.UntilAsync(() => Failures(relays, EdgeFailure.Refused) == 1, "the refusal is counted");
        (relays.One.Edges()[0].Counts.Open, relays.One.Edges()[0].Counts.Connected).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_lost_trunk_is_a_failure_of_what_was_open()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);

        await relays.Two.DisposeAsync();

        await Wait.UntilAsync(() => Failures(relays, EdgeFailure.TunnelLost) == 1 && relays.One.Edges()[0].Counts.Open == 0, "it is lost");
    }

    [Fact]
    public async Task A_connection_that_the_routes_no_longer_allow_is_a_failure_and_is_over()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);

        relays.RoutesOne.Publish(RunnerRoutes.Empty(RunnerId.Parse("one")));

        await Wait.UntilAsync(() => Failures(relays, EdgeFailure.Revoked) == 1 && relays.One.Edges()[0].Counts.Open == 0, "it is revoked");
    }

    private static long Failures(TestRelays relays, EdgeFailure reason) => relays.One.Edges().Sum(edge => edge.Counts.Failures[(int)reason]);

    private static async Task ReceiveAsync(Socket client, int count)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            count -= await client.ReceiveAsync(buffer).WaitAsync(Wait.Limit);
        }
    }
}
