using Akka.Actor;

namespace Warp.Node.Http;

/// <summary>The way from the HTTP edge to the actors. The actor system may be replaced while the process lives: each request asks anew.</summary>
public interface IClusterAccess
{
    /// <summary>The running actor system with its doors; null while none runs (starting, or being rebuilt).</summary>
    ClusterConnection? Current { get; }
}

/// <summary>The doors of one actor system, an immutable snapshot.</summary>
/// <param name="System">The actor system; it may have terminated since.</param>
/// <param name="Deployments">The shard region or its proxy: takes <see cref="Warp.Cluster.Protocol.IDeploymentMessage"/>s.</param>
/// <param name="Catalog">The deployment catalog of a control node: takes <see cref="Warp.Cluster.Protocol.ListDeployments"/>; null when no control node can be reached.</param>
/// <param name="Directory">The runner directory of a control node: takes <see cref="Warp.Cluster.Protocol.ListRunners"/>; null when no control node can be reached.</param>
/// <param name="Registries">Leads to the keeper of the logins at image registries; null when this node has no way to it.</param>
/// <param name="Trust">Leads to the one that removes runners; null when this node has no way to it.</param>
/// <param name="Journal">The journal's probe of a control node: takes <see cref="Warp.Cluster.Protocol.ProbeJournal"/>; null when no control node can be reached.</param>
public sealed record ClusterConnection(
    ActorSystem System, ICanTell Deployments, ICanTell? Catalog, ICanTell? Directory, ICanTell? Registries = null, ICanTell? Trust = null, ICanTell? Journal = null);
