using System.Diagnostics;
using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay;

/// <summary>A new connection waits while its target cannot take it, as long as the service says.</summary>
public sealed class ConnectHoldTests
{
    public static TheoryData<string> Gaps => ["nowhere", "starting here", "starting there", "not ready there"];

    [Theory]
    [MemberData(nameof(Gaps))]
    public async Task A_connection_that_comes_while_the_target_is_between_two_places_gets_there(string gap)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        Publish(relays, gap, hold: 60);
        using var client = await relays.ConnectAsync();
        await client.SendAsync("x"u8.ToArray());
        var answer = client.ReceiveAsync(new byte[1]);
        await Eventually.Never(() => answer.IsCompleted, "it has an end", forSeconds: 0.5);

        relays.RoutesOne.Publish(relays.Routes("one"));
        relays.RoutesTwo.Publish(relays.Routes("two"));

        (await answer.WaitAsync(Wait.Limit)).ShouldBe(1);
    }

    [Fact]
    public async Task A_held_connection_follows_a_target_that_comes_to_its_own_runner()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        Publish(relays, "nowhere", hold: 60);
        using var client = await relays.ConnectAsync();
        var answer = client.ReceiveAsync(new byte[1]);
        await client.SendAsync("x"u8.ToArray());

        relays.RoutesOne.Publish(relays.Routes("one", [TestRelays.Db("one", TestRelays.Loopback, generation: 2)]));

        (await answer.WaitAsync(Wait.Limit)).ShouldBe(1);
        (await relays.One.SnapshotAsync(1)).Flows[0].Peer.Value.ShouldBe("one");
    }

    [Theory]
    [MemberData(nameof(Gaps))]
    public async Task Without_a_hold_it_is_refused_at_once_and_counted(string gap)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using (var warm = await relays.ConnectAsync())
        {
            await TrunkLossTests.RoundTrip(warm);
        }

        Publish(relays, gap, hold: 0);
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        (await relays.One.SnapshotAsync(1)).RefusedAtEntry.ShouldHaveSingleItem().Key.ShouldBe(gap is "nowhere" ? RouteRefusal.NotPlaced : RouteRefusal.NotRunning);
    }

    [Theory]
    [MemberData(nameof(Gaps))]
    public async Task After_its_hold_it_is_refused(string gap)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        Publish(relays, gap, hold: 1);
        var start = Stopwatch.GetTimestamp();
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_goes_away_makes_room_for_another(bool reset)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { MaxHeld = 1, Loops = 1 });
        Publish(relays, "nowhere", hold: 60);
        var gone = await relays.ConnectAsync();
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        gone.LingerState = new LingerOption(reset, 0);
        gone.Dispose();
        await Wait.UntilAsync(async () => await IsHeldAsync(relays), "there is room again");
    }

    [Fact]
    public async Task A_caller_that_has_sent_all_it_has_to_say_is_still_served()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        Publish(relays, "nowhere", hold: 60);
        using var client = await relays.ConnectAsync();
        await client.SendAsync("question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        var answer = TargetServer.ReadAllAsync(client);
        await Eventually.Never(() => answer.IsCompleted, "it has an end", forSeconds: 1.5);

        relays.RoutesTwo.Publish(relays.Routes("two"));
        relays.RoutesOne.Publish(relays.Routes("one"));
        (await answer).ShouldBe("question"u8.ToArray());
    }

    private static void Publish(TestRelays relays, string gap, int hold)
    {
        var (one, two) = gap switch
        {
            "nowhere" => (null, null),
            "starting here" => (TestRelays.Db("one", TestRelays.Loopback, role: PlacementRole.Starting, ready: false), null),
            "starting there" => (TestRelays.Db("two", null, role: PlacementRole.Starting), TestRelays.Db("two", TestRelays.Loopback, role: PlacementRole.Starting, ready: false)),
            _ => (TestRelays.Db("two", null), TestRelays.Db("two", TestRelays.Loopback, ready: false)),
        };
        relays.RoutesOne.Publish(relays.Routes("one", one is null ? [] : [one], dbHold: hold));
        relays.RoutesTwo.Publish(relays.Routes("two", two is null ? [] : [two], dbHold: hold));
    }

    // One that is refused ends; one that is held does not.
    private static async Task<bool> IsHeldAsync(TestRelays relays)
    {
        var end = relays.EndOfRefusedAsync();
        return await Task.WhenAny(end, Task.Delay(300)) != end;
    }
}
