using System.Net.Sockets;
using Shouldly;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay;

/// <summary>A service with instances on two runners, called from a third.</summary>
public sealed class ReplicasTests
{
    [Fact]
    public async Task Connections_are_spread_evenly_over_the_runners()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        var (three, routesThree) = relays.StartThird();
        await using var _ = three;
        await PublishAsync(relays, routesThree, twoIsReady: true, threeIsReady: true);
        var clients = await ConnectAsync(relays, 10);
        (await relays.Two.SnapshotAsync(1)).OpenFlows.ShouldBe(5);
        (await three.SnapshotAsync(1)).OpenFlows.ShouldBe(5);

        clients.ForEach(c => c.Dispose());
        await Wait.UntilAsync(() => Counts(relays).All(count => count == 0), "each end is counted");
    }

    [Fact]
    public async Task A_runner_whose_instance_is_not_ready_does_not_make_callers_wait()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        var (three, routesThree) = relays.StartThird();
        await using var _ = three;
        await PublishAsync(relays, routesThree, twoIsReady: true, threeIsReady: false);
        var clients = await ConnectAsync(relays, 20);
        (await relays.Two.SnapshotAsync(1)).OpenFlows.ShouldBe(20);
        (await relays.One.SnapshotAsync(1)).RefusedAtEntry.ShouldBeEmpty();
        Counts(relays).Order().ShouldBe([0, 20]);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task While_no_runner_has_an_instance_that_is_ready_connections_wait_and_then_are_refused()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        var (three, routesThree) = relays.StartThird();
        await using var _ = three;
        await PublishAsync(relays, routesThree, twoIsReady: false, threeIsReady: false, hold: 60);
        using var client = await relays.ConnectAsync();
        await client.SendAsync("x"u8.ToArray());
        var answer = client.ReceiveAsync(new byte[1]);
        await Eventually.Never(() => answer.IsCompleted, "it has an end", forSeconds: 0.5);
        await PublishAsync(relays, routesThree, twoIsReady: false, threeIsReady: true, hold: 60);
        (await answer.WaitAsync(Wait.Limit)).ShouldBe(1);

        await PublishAsync(relays, routesThree, twoIsReady: false, threeIsReady: false, hold: 1);
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        (await relays.One.SnapshotAsync(1)).RefusedAtEntry.ShouldHaveSingleItem().ShouldBe(new(RouteRefusal.NotRunning, 1));
    }

    [Fact]
    public async Task A_runner_that_cannot_be_reached_is_passed_over()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        var (three, routesThree) = relays.StartThird();
        await PublishAsync(relays, routesThree, twoIsReady: true, threeIsReady: true);
        await three.DisposeAsync();
        await Wait.UntilAsync(() => relays.One.Ensure(relays.PeerThree).Read().Trunks == 0, "the trunks are gone");
        var clients = await ConnectAsync(relays, 10);
        (await relays.Two.SnapshotAsync(1)).OpenFlows.ShouldBe(10);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task A_closed_port_is_refused_and_not_tried_elsewhere()
    {
        await using var relays = TestRelays.Start(TestPorts.Next());
        var (three, routesThree) = relays.StartThird();
        await using var _ = three;
        await PublishAsync(relays, routesThree, twoIsReady: true, threeIsReady: true, hold: 60);
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
    }

    private static async Task PublishAsync(TestRelays relays, RouteHolder routesThree, bool twoIsReady, bool threeIsReady, int hold = 10)
    {
        foreach (var (self, holder) in new[] { ("one", relays.RoutesOne), ("two", relays.RoutesTwo), ("three", routesThree) })
        {
            var routes = relays.Routes(
                self,
                [
                    TestRelays.Db("two", self is "two" ? TestRelays.Loopback : null, ready: self is not "two" || twoIsReady),
                    TestRelays.Db("three", self is "three" ? TestRelays.Loopback : null, ordinal: 1, ready: self is not "three" || threeIsReady),
                ],
                dbHold: hold);
            holder.Publish(routes with { Peers = [relays.PeerOne, relays.PeerTwo, relays.PeerThree] });
        }

        foreach (var peer in new[] { relays.PeerTwo, relays.PeerThree })
        {
            (await relays.One.Ensure(peer).OpenTrunkAsync(CancellationToken.None)).Problem.ShouldBeNull();
        }
    }

    private static async Task<List<Socket>> ConnectAsync(TestRelays relays, int count)
    {
        var clients = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            clients.Add(await relays.ConnectAsync());
            await TrunkLossTests.RoundTrip(clients[^1]);
        }

        return clients;
    }

    private static IEnumerable<int> Counts(TestRelays relays) =>
        relays.RoutesOne.ResolveEntry(TestRelays.AppContainer, TestRelays.DbAddress).Way!.Elsewhere.Select(t => t.Connections.Open);
}
