using Akka.Actor;

namespace Warp.Cluster.Containers;

/// <summary>What the actors of one runner's containers work with.</summary>
/// <param name="Runtime">The engine.</param>
/// <param name="Probe">Looks whether a container is well.</param>
/// <param name="Connections">Takes <see cref="AwaitQuiet"/>: a <see cref="ConnectionsActor"/>.</param>
internal sealed record ContainerTools(IContainerRuntime Runtime, IHealthProbe Probe, IActorRef Connections);
