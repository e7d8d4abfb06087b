using System.Diagnostics.CodeAnalysis;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;

namespace Warp.Node.Relay.Trunks;

/// <summary>The way to one more trunk of a link. A dial that is not answered soon is joined by another one, because what kept the first one silent may be over.</summary>
internal static class LinkDial
{
    /// <summary>Dials, and says how it ended.</summary>
    /// <param name="link">The link that wants a trunk.</param>
    /// <param name="source">Who makes connections.</param>
    /// <param name="services">What the engine shares.</param>
    /// <param name="endpoint">Where the peer is; null while that is unknown.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever fails in a dial is its outcome.")]
    internal static async Task<TrunkOutcome> RunAsync(TunnelLink link, ITrunkSource source, RelayServices services, NodeEndpoint? endpoint)
    {
        string? problem;
        try
        {
            problem = endpoint is null
                ? $"where {link.Peer} listens for tunnels is not known yet"
                : await FirstAnswerAsync(() => Task.Run(() => source.DialAsync(link, endpoint)), link, services.Options).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            problem = failure.Message;
        }

        if (problem is not null)
        {
            RelayLog.DialFailed(services.Log, link.Peer, problem);
        }

        return new TrunkOutcome(problem);
    }

    // The first answer decides. A trunk that another dial brings later is taken too.
    private static async Task<string?> FirstAnswerAsync(Func<Task<string?>> dial, TunnelLink link, RelayOptions options)
    {
        var dials = new List<Task<string?>> { dial() };
        for (var patience = options.DialPatience; patience < options.HandshakeTimeout; patience *= 2)
        {
            var answer = Task.WhenAny(dials);
            if (await Task.WhenAny(answer, Task.Delay(patience)).ConfigureAwait(false) == answer || link.IsDraining)
            {
                break;
            }

            dials.Add(dial());
        }

        return await (await Task.WhenAny(dials).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
