using Akka.Actor;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Containers;

/// <summary>A container of this runner was started again, whoever did it. Published on the actor system's event stream, for whoever counts; never sent.</summary>
/// <param name="Instance">Which.</param>
public sealed record ContainerRestarted(InstanceId Instance) : INoSerializationVerificationNeeded;
