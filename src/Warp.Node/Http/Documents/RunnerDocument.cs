using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>A runner as the API shows it; see <see cref="RunnerStatus"/> for the meaning of each field. It has been taking nothing new since <c>DrainedSince</c>, if that is not null.</summary>
internal sealed record RunnerDocument(
    string Name,
    bool Reachable,
    DateTimeOffset LastSeen,
    string Tunnel,
    string Management,
    int Instances,
    bool EngineReady,
    string? EngineVersion,
    string Version,
    ImmutableArray<string> Problems,
    CertificatesDocument? Certificates,
    InterceptionDocument? Interception,
    DateTimeOffset? DrainedSince = null)
{
    public static RunnerDocument From(RunnerView view) => new(
        view.Status.Runner.Value,
        view.Reachable,
        view.LastSeen,
        view.Status.Tunnel.ToString(),
        view.Status.Management.ToString(),
        view.Status.Instances,
        view.Status.EngineReady,
        view.Status.EngineVersion,
        view.Status.Version,
        view.Status.Problems,
        view.Status.Certificates is { } certificates ? CertificatesDocument.From(certificates) : null,
        view.Status.Interception is { } interception ? InterceptionDocument.From(interception) : null,
        view.Drain?.Since);
}

/// <summary>When a runner's certificates end; see <see cref="RunnerCertificates"/> for the meaning of each field.</summary>
internal sealed record CertificatesDocument(DateTimeOffset NodeUntil, DateTimeOffset? TunnelUntil, ImmutableArray<string> Presents, ImmutableArray<string> Trusts, bool Signs)
{
    public static CertificatesDocument From(RunnerCertificates certificates) =>
        new(certificates.NodeUntil, certificates.TunnelUntil, certificates.Presents, certificates.Trusts, certificates.Signs);
}

/// <summary>A runner was removed from the cluster.</summary>
internal sealed record RunnerRemovalDocument(string Name, DateTimeOffset RemovedAt);

/// <summary>How a runner answers connections; see <see cref="InterceptionStatus"/>.</summary>
/// <param name="Mode">"dial-first" or "accept-first".</param>
/// <param name="Reason">Why not after the dial; null when it is.</param>
internal sealed record InterceptionDocument(string Mode, string? Reason)
{
    public static InterceptionDocument From(InterceptionStatus status) => new(status.Mode == InterceptionMode.DialFirst ? "dial-first" : "accept-first", status.Reason);
}

/// <summary>All runners heard of, ordered by name.</summary>
internal sealed record RunnerListDocument(ImmutableArray<RunnerDocument> Runners);
