using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>One end of a link between two runners, as <paramref name="Runner"/> sees it; see <see cref="TunnelView"/>.</summary>
internal sealed record TunnelDocument(
    string Runner,
    string Peer,
    string Endpoint,
    TunnelState State,
    int Trunks,
    int Streams,
    long BytesSent,
    long BytesReceived,
    string? Cipher,
    string? Problem)
{
    public static IEnumerable<TunnelDocument> From(RunnerView runner) =>
        runner.Status.Tunnels.Select(tunnel => new TunnelDocument(
            runner.Status.Runner.Value,
            tunnel.Peer.Value,
            tunnel.Endpoint.ToString(),
            tunnel.State,
            tunnel.Trunks,
            tunnel.Streams,
            tunnel.BytesSent,
            tunnel.BytesReceived,
            tunnel.Cipher,
            tunnel.Problem));
}

/// <summary>Every end of every link, ordered by runner and peer.</summary>
internal sealed record TunnelListDocument(ImmutableArray<TunnelDocument> Tunnels);
