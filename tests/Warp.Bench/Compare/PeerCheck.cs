namespace Warp.Bench.Compare;

/// <summary>What is asked of a peer before anything is measured on it.</summary>
internal static class PeerCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Checks a peer.</summary>
    /// <exception cref="BenchException">It does not carry what it is given, or shows what it should hide.</exception>
    internal static async Task<CheckResult> RunAsync(TwoHosts hosts, RunningPeer peer, CancellationToken cancellationToken)
    {
        var marker = $"in-clear-{Guid.NewGuid():N};";
        await using var capture = await WireCapture.StartAsync(hosts.Server, marker, cancellationToken);
        var carried = await LoadClient.RunAsync(
            hosts.Client, ["check", $"{peer.Entry.Address}", $"{peer.Entry.Port}", marker], Limit, () => Task.CompletedTask, cancellationToken);
        var isIntact = carried["up"] + carried["down"] + carried["echo"] is 3;
        var result = new CheckResult(isIntact, carried["half_close"] is 1, await capture.EndAsync(cancellationToken));
        return !isIntact ? throw new BenchException($"data did not come through intact (up {carried["up"]}, down {carried["down"]}, echo {carried["echo"]})")
            : result.IsSeenOnTheWire == peer.Peer.IsEncrypted ? throw new BenchException(result.IsSeenOnTheWire ? "what it carries was read on the wire" : "the capture on the wire misses what passes in clear")
            : result;
    }
}
