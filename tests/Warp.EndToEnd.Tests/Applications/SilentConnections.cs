using System.Globalization;
using Warp.EndToEnd.Tests.Fixture;
using Warp.TestPeer;

namespace Warp.EndToEnd.Tests.Applications;

/// <summary>Connections on which nobody says anything for long, in both placements, all begun at once: their waits are one wait, and the other tests go on beside it.</summary>
public sealed class SilentConnections : IAsyncDisposable
{
    private const int IdleSeconds = 180;

    // Connection tracking forgets a half-closed connection that is silent for 60 s.
    private const int HalfClosedSeconds = 90;

    private readonly Dictionary<Placement, PeerPair> _pairs = [];
    private readonly Dictionary<Placement, Task<PeerResult>> _idle = [];
    private readonly Dictionary<Placement, Task<PeerResult>> _clientFinished = [];
    private readonly Dictionary<Placement, Task<PeerResult>> _serverFinished = [];

    private readonly PeerPair _cut;

    private SilentConnections(PeerPair cut) => _cut = cut;

    /// <summary>Opens them.</summary>
    public static async Task<SilentConnections> BeginAsync(LabFixture lab)
    {
        var cut = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        _ = cut.AppToDbAsync("idle", PeerPair.Port, Text(IdleSeconds));
        await cut.WaitConnectedAsync();
        await cut.App.UnplugAsync();
        var connections = new SilentConnections(cut);
        foreach (var placement in Enum.GetValues<Placement>())
        {
            var pair = connections._pairs[placement] = await PeerPair.StartAsync(lab, placement);
            connections._idle[placement] = pair.AppToDbAsync("idle", PeerPair.Port, Text(IdleSeconds));
            connections._clientFinished[placement] = pair.AppToDbAsync("late", PeerPair.Port, Text(HalfClosedSeconds));
            connections._serverFinished[placement] = pair.AppToDbAsync("half-close", PeerPair.Port, "after the server finished", Text(HalfClosedSeconds));
        }

        return connections;
    }

    /// <summary>One exchange, silence, another exchange.</summary>
    public Task<PeerResult> IdleAsync(Placement placement) => _idle[placement];

    /// <summary>The client finished, then silence, then the server's answer.</summary>
    public Task<PeerResult> ClientFinishedAsync(Placement placement) => _clientFinished[placement];

    /// <summary>The server finished, then silence, then the client's last words.</summary>
    public Task<PeerResult> ServerFinishedAsync(Placement placement) => _serverFinished[placement];

    /// <summary>What a server has said whose client vanished without a word, between two runners.</summary>
    public async Task<string> ServerOfVanishedClientAsync() => (await _cut.Db.Runner.DockerAsync("logs", _cut.Db.Id)).Ensure().Output;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var pair in (IEnumerable<PeerPair>)[_cut, .. _pairs.Values])
        {
            await pair.DisposeAsync();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
