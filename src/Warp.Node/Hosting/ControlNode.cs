using Akka.Actor;
using Akka.Cluster;
using Warp.Cluster.Hosting;

namespace Warp.Node.Hosting;

/// <summary>Finds an actor of a control node.</summary>
internal static class ControlNode
{
    /// <summary>This node when it is a control node, else the oldest one that is up and reachable.</summary>
    /// <param name="system">A member of the cluster.</param>
    /// <param name="actorName">A child of <c>/user</c>.</param>
    /// <returns>Null when no control node can be reached.</returns>
    public static ICanTell? Find(ActorSystem system, string actorName)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (cluster.SelfRoles.Contains(ClusterRoles.Control))
        {
            return system.ActorSelection($"/user/{actorName}");
        }

        var state = cluster.State;
        var oldest = state.Members
            .Where(member => member.Status == MemberStatus.Up && member.HasRole(ClusterRoles.Control) && !state.Unreachable.Contains(member))
            .OrderBy(member => member, Member.AgeOrdering)
            .FirstOrDefault();
        return oldest is null ? null : system.ActorSelection(new RootActorPath(oldest.Address) / "user" / actorName);
    }
}
