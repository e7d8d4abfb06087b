using Akka.Actor;
using Akka.Event;

namespace Warp.Cluster.Deployments;

/// <summary>Asks a deployment actor to stop once the journal has what was accepted: the shard sends it at passivation and hand-over.</summary>
internal sealed class StopDeployment : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The one.</summary>
    public static StopDeployment Instance { get; } = new();
}
