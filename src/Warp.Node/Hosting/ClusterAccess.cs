using Akka.Actor;
using Warp.Cluster.Hosting;
using Warp.Node.Http;

namespace Warp.Node.Hosting;

/// <summary>
/// The actor system that is in force now, for callers that outlive it. A node rebuilds its actor system when the cluster has thrown it out; in between there is none.
/// </summary>
public sealed class ClusterAccess : IClusterAccess
{
    private volatile ClusterHandles? _handles;

    /// <inheritdoc/>
    public ClusterConnection? Current =>
        _handles is { } handles
            ? new ClusterConnection(
                handles.System,
                handles.Deployments,
                ControlNode.Find(handles.System, ActorNames.Catalog),
                ControlNode.Find(handles.System, ActorNames.Directory),
                handles.Registries,
                handles.Trust,
                ControlNode.Find(handles.System, ActorNames.JournalProbe))
            : null;

    /// <summary>Makes another actor system the one in force, or none.</summary>
    internal void Set(ClusterHandles? handles) => _handles = handles;
}

/// <summary>One actor system and the way to its deployments.</summary>
/// <param name="System">The system.</param>
/// <param name="Deployments">The shard region, or its proxy on a node without the role control.</param>
/// <param name="Registries">Leads to the keeper of the logins at image registries.</param>
/// <param name="Trust">Leads to the one that removes runners.</param>
internal sealed record ClusterHandles(ActorSystem System, IActorRef Deployments, IActorRef Registries, IActorRef Trust);
