using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>
/// Whether the founder of a cluster with several control nodes may form it. Alone it may not: the others may live on somewhere that it cannot see, and a second cluster of the same
/// name would never find the first. Only one node is the founder, so there are never two that may. Pure.
/// </summary>
internal static class FoundingRule
{
    /// <summary>Whether more than half of the control nodes, this one among them, can be asked and none of those is in a cluster.</summary>
    /// <param name="options">Who this node is.</param>
    /// <param name="others">How the other control nodes that answer stand.</param>
    public static bool MayForm(ControlPlaneOptions options, IReadOnlyCollection<ControlNodeStanding> others) =>
        options is { Founder: true, ControlNodes: > 1 } && others.All(other => !other.InCluster) && others.Count + 1 >= options.Quorum;
}
