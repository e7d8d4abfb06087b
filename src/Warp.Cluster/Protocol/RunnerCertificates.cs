using System.Collections.Immutable;

namespace Warp.Cluster.Protocol;

/// <summary>What a runner proves itself with, and whom it believes.</summary>
/// <param name="NodeUntil">When the node's own certificate ends: remoting, the management API, and what renewals are asked for with.</param>
/// <param name="TunnelUntil">When the certificate of its trunks ends; null while they use the node's own.</param>
/// <param name="Enrolment">Under which number the CA took the runner in; a removal names the numbers that it ends.</param>
/// <param name="Presents">The CAs, by id, that have signed what it shows now, each once.</param>
/// <param name="Trusts">The CAs, by id, whose certificates it takes.</param>
/// <param name="Signs">Whether it holds the cluster's CA and signs for the others.</param>
public sealed record RunnerCertificates(
    DateTimeOffset NodeUntil, DateTimeOffset? TunnelUntil, long Enrolment, ImmutableArray<string> Presents, ImmutableArray<string> Trusts, bool Signs)
{
    /// <inheritdoc/>
    public bool Equals(RunnerCertificates? other) =>
        other is not null
        && (NodeUntil, TunnelUntil, Enrolment, Signs) == (other.NodeUntil, other.TunnelUntil, other.Enrolment, other.Signs)
        && Presents.SequenceEqual(other.Presents, StringComparer.Ordinal)
        && Trusts.SequenceEqual(other.Trusts, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(NodeUntil, TunnelUntil, Enrolment, Signs, Presents.Length, Trusts.Length);
}
