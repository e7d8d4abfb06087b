using Akka.Actor;
using Akka.Cluster;
using Warp.Cluster.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Membership;

/// <summary>Which members of the cluster are control nodes, now.</summary>
internal static class ControlNodes
{
    /// <summary>All that are up and reachable.</summary>
    public static IEnumerable<Address> Reachable(AkkaCluster cluster)
    {
        var state = cluster.State;
        return state.Members
            .Where(member => member.HasRole(ClusterRoles.Control) && member.Status is MemberStatus.Up or MemberStatus.WeaklyUp && !state.Unreachable.Contains(member))
            .Select(member => member.Address);
    }

    /// <summary>All but this node.</summary>
    public static IEnumerable<Address> Others(AkkaCluster cluster) => Reachable(cluster).Where(address => address != cluster.SelfAddress);
}
