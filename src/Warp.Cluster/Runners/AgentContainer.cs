using Akka.Actor;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>A container that somebody cares for, as its agent knows it.</summary>
/// <param name="Actor">Who cares for it.</param>
/// <param name="Duty">What that one does about it.</param>
/// <param name="Order">How it is to end when its turn comes, by the last spec that was known.</param>
/// <param name="Observed">Its last report.</param>
internal sealed record AgentContainer(IActorRef Actor, ContainerDuty Duty, RetireContainer Order, InstanceObserved Observed)
{
    /// <summary>For a container whose spec is not known any more: the engine's own default grace.</summary>
    public static readonly RetireContainer DefaultOrder = new(TimeSpan.FromSeconds(10), TimeSpan.Zero);

    /// <summary>Whether it runs and an inventory shows it as it is known, so that nobody has to look.</summary>
    public bool IsAsKnown(ObservedContainer? found) =>
        found is { Running: true }
        && Observed.Phase == InstancePhase.Running
        && string.Equals(found.ContainerId, Observed.ContainerId, StringComparison.Ordinal)
        && found.Address == Observed.ContainerAddress
        && found.StartedAt == Observed.StartedAt;
}
