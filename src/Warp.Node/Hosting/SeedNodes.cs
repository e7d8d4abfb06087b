using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Hosting;

/// <summary>
/// Whom to join by. Akka lets only the first of the list form a cluster, and only after none of the others has answered; a node that is not first asks for ever.
/// So the founder stands first in its own list, and asks everybody it knew before it forms a cluster: restarted, it comes back into the one that lived on without it.
/// With several control nodes the founder does not stand there either: it forms a cluster only when enough of the others say that there is none.
/// All other nodes never stand in their own list and so can never form a second cluster.
/// </summary>
internal static class SeedNodes
{
    /// <summary>The list, in order, without repetition.</summary>
    /// <param name="self">This node.</param>
    /// <param name="founder">Whether it may form the cluster when nobody answers.</param>
    /// <param name="lastKnown">The members it saw last.</param>
    /// <param name="configured">The control nodes it was given when it joined.</param>
    public static ImmutableArray<NodeEndpoint> Order(
        NodeEndpoint self, bool founder, IEnumerable<NodeEndpoint> lastKnown, IEnumerable<NodeEndpoint> configured) =>
        [.. (founder ? new[] { self } : []).Concat(lastKnown.Concat(configured).Where(node => node != self).Distinct())];
}
