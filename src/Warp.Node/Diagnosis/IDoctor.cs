using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Diagnosis;

/// <summary>Looks at this runner for what keeps Warp from working.</summary>
public interface IDoctor
{
    /// <summary>Looks at everything at once; takes a few seconds at most, whatever hangs.</summary>
    /// <param name="peers">The other runners that this one should reach.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>At least one finding of each check, in a fixed order.</returns>
    Task<ImmutableArray<Finding>> ExamineAsync(ImmutableArray<PeerPlace> peers, CancellationToken cancellationToken);
}

/// <summary>Another runner, and where it should be reached.</summary>
/// <param name="Runner">Which.</param>
/// <param name="Cluster">Its node in the cluster; null when it is not a member now.</param>
/// <param name="Tunnel">Its tunnel port.</param>
/// <param name="Management">Its management API.</param>
/// <param name="Link">The link to it as this runner reported it last; null when it has not.</param>
public sealed record PeerPlace(RunnerId Runner, NodeEndpoint? Cluster, NodeEndpoint Tunnel, NodeEndpoint Management, TunnelView? Link);
