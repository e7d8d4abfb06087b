using System.Net.Sockets;
using Shouldly;
using Warp.Node.Relay;
using Xunit;

namespace Warp.Node.Tests.Relay;

/// <summary>What connections see when the node of one end is told to stop, and another process takes its place.</summary>
public sealed class LeavingNodeTests
{
    private static readonly RelayOptions Short = TestRelays.Options with { DrainDeadline = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public async Task What_is_open_goes_on_and_the_engine_is_done_when_it_has_ended(string leaver)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { DrainDeadline = Wait.Limit });
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);

        var left = (leaver is "one" ? relays.One : relays.Two).LeaveAsync();
        for (var i = 0; i < 20; i++)
        {
            await TrunkLossTests.RoundTrip(client);
            await Task.Delay(20);
        }

        left.IsCompleted.ShouldBeFalse();
        client.Shutdown(SocketShutdown.Send);
        (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.Success);
        (await left.WaitAsync(Wait.Limit)).ShouldBe(0);
    }

    [Fact]
    public async Task What_does_not_end_within_the_deadline_is_counted_and_ends_with_a_reset()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, Short);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);

        (await relays.Two.LeaveAsync().WaitAsync(Wait.Limit)).ShouldBe(1);
        await TrunkLossTests.RoundTrip(client);
        await relays.Two.DisposeAsync();

        (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task New_connections_wait_for_the_process_that_takes_its_place_also_when_their_service_wants_no_wait()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, Short with { TrunkWait = TimeSpan.FromMilliseconds(200) });
        relays.RoutesOne.Publish(relays.Routes("one", dbHold: 0));
        using (var before = await relays.ConnectAsync())
        {
            await TrunkLossTests.RoundTrip(before);
        }

        var left = relays.Two.LeaveAsync();
        await Wait.UntilAsync(async () => relays.One.Ensure(relays.PeerTwo).Read().Trunks == 0, "the peer has heard of it");
        using var during = await relays.ConnectAsync();
        var answer = during.ReceiveAsync(new byte[1]);
        await during.SendAsync("x"u8.ToArray());
        await left.WaitAsync(Wait.Limit);
        await relays.Two.DisposeAsync();
        await Eventually.Never(() => answer.IsCompleted, "it has an end", forSeconds: 1.5);

        await using var next = relays.StartTwoAgain();

        (await answer.WaitAsync(Wait.Limit)).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_crash_new_connections_wait_no_longer_than_their_service_wants()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, Short with { TrunkWait = TimeSpan.FromMilliseconds(200) });
        relays.RoutesOne.Publish(relays.Routes("one", dbHold: 0));
        using (var before = await relays.ConnectAsync())
        {
            await TrunkLossTests.RoundTrip(before);
        }

        await relays.Two.DisposeAsync();

        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
    }
}
