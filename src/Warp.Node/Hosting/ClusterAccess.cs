using Akka.Actor;

namespace Warp.Node.Hosting;

/// <summary>
/// The actor system that is in force now, for callers that outlive it (the HTTP API, the command line's socket). A node rebuilds its actor system when the cluster
/// has thrown it out; in between there is none.
/// </summary>
public sealed class ClusterAccess
{
    private volatile ClusterHandles? _current;

    /// <summary>The handles of the running actor system; null while there is none. Take it once per request.</summary>
    public ClusterHandles? Current => _current;

    /// <summary>Makes another actor system the one in force, or none.</summary>
    internal void Set(ClusterHandles? handles) => _current = handles;
}

/// <summary>One actor system and the ways into it.</summary>
/// <param name="System">The system.</param>
/// <param name="Deployments">Takes every <c>IDeploymentMessage</c>: the shard region, or its proxy on a node without the role control.</param>
public sealed record ClusterHandles(ActorSystem System, ICanTell Deployments)
{
    /// <summary>Takes <c>ListRunners</c>: the directory on this node, else on the oldest control node that is up and reachable; null when there is none.</summary>
    public ICanTell? Directory => ControlNode.Find(System, "runners");

    /// <summary>Takes <c>ListDeployments</c>: the catalog on this node, else on the oldest control node that is up and reachable; null when there is none.</summary>
    public ICanTell? Catalog => ControlNode.Find(System, "deployments");
}
