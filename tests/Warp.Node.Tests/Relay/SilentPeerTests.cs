using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class SilentPeerTests
{
    private static readonly TimeSpan Never = 10 * Wait.Limit;

    [Fact]
    public async Task A_dial_that_is_never_answered_does_not_keep_the_next_one_from_starting()
    {
        await using var server = TargetServer.Echo();
        using var link = new CuttableLink { IsSilent = true };
        await using var relays = TestRelays.Start(
            server.Port,
            TestRelays.Options with { HandshakeTimeout = Never, TrunkWait = Never, DialPatience = TimeSpan.FromMilliseconds(100) },
            endpointOf: (_, direct) =>
            {
                link.Behind = direct.Port;
                return direct with { Port = link.Port };
            });
        using var client = await relays.ConnectAsync();
        await Wait.UntilAsync(() => link.Accepted > 0, "the peer is dialled");
        link.IsSilent = false;
        await TrunkLossTests.RoundTrip(client);
    }

    [Fact]
    public async Task A_peer_that_stays_silent_is_dialled_a_few_times_only()
    {
        using var link = new CuttableLink { IsSilent = true };
        var options = TestRelays.Options with { HandshakeTimeout = TimeSpan.FromSeconds(1), DialPatience = TimeSpan.FromMilliseconds(100) };
        await using var relays = TestRelays.Start(TestPorts.Next(), options, endpointOf: (_, direct) => direct with { Port = link.Port });
        var outcome = await relays.One.Ensure(relays.PeerTwo).OpenTrunkAsync(CancellationToken.None).WaitAsync(Wait.Limit);

        outcome.Problem.ShouldNotBeNull().ShouldContain("did not finish the handshake");
        link.Accepted.ShouldBeInRange(2, 5);
    }
}
