using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.TestPeer;

namespace Warp.EndToEnd.Tests.Contract;

/// <summary>Two transfers without end from app to db of a pair: app receives on one, and sends on the other. Tells how each end of each came to its end.</summary>
internal sealed class EndlessTransfers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly PeerPair _pair;
    private readonly Task<PeerResult> _pull;
    private readonly Task<PeerResult> _push;

    private EndlessTransfers(PeerPair pair) =>
        (_pair, _pull, _push) = (pair, pair.AppToDbAsync("pull", PeerPair.Port), pair.AppToDbAsync("push", PeerPair.Port));

    /// <summary>Begins them and waits until both are under way.</summary>
    public static async Task<EndlessTransfers> BeginAsync(PeerPair pair)
    {
        var transfers = new EndlessTransfers(pair);
        await transfers.AskDbAsync("begun");
        return transfers;
    }

    /// <summary>What app saw: of what it received, and of what it sent.</summary>
    public async Task<string[]> AtTheClientAsync() => [(await _pull.WaitAsync(Patience)).Detail, (await _push.WaitAsync(Patience)).Detail];

    /// <summary>What db saw, when it saw both; begins with its role: <c>source</c> or <c>sink</c>.</summary>
    public Task<string[]> AtTheServerAsync() => AskDbAsync("ends");

    // Waits until db has the same to say of both.
    private Task<string[]> AskDbAsync(string what) => Poll.UntilAsync($"db answers '{what}' for both transfers", Patience, async () =>
        (await _pair.AppToDbAsync("read", PeerPair.Port, what)).Detail.Split('\n') is { Length: 2 } both ? both : null);
}
