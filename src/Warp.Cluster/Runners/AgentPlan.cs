using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>Decides what a runner does next for one deployment, from what is wanted and what is there. Pure; deciding again after its steps were taken gives no further step.</summary>
internal static class AgentPlan
{
    /// <summary>The next steps, in the order in which they are to be taken.</summary>
    public static ImmutableArray<AgentStep> Next(AgentSituation situation)
    {
        if (!situation.Assigned)
        {
            return situation is { Containers.IsEmpty: true, Network: false } ? [AgentStep.Finish.Instance] : [];
        }

        return [.. ForContainers(situation), .. ToMake(situation), .. ForNetwork(situation)];
    }

    private static IEnumerable<AgentStep> ForContainers(AgentSituation situation) =>
        from container in situation.Containers
        where !situation.IsLaterThanTheAssignment(container.Key)
        let duty = situation.Wanted.FirstOrDefault(wanted => wanted.Claims(container.Key))?.Duty ?? ContainerDuty.Retire
        where container.Value < ContainerDuty.Drain ? container.Value != duty : container.Value < duty
        select new AgentStep.Care(container.Key, duty);

    /// <summary>Two generations of a replica may be there together, but two containers of one instance never, and nothing beside one that stops first; of several such the newest counts.</summary>
    private static IEnumerable<AgentStep> ToMake(AgentSituation situation) =>
        from wanted in situation.Wanted
        where !wanted.Leaves && situation.Network && !situation.Containers.ContainsKey(wanted.Key) && !situation.Containers.Keys.Any(wanted.WaitsFor)
        where !situation.Containers.Keys.Any(there => there.SharesReplicaWith(wanted.Key) && situation.IsLaterThanTheAssignment(there))
        where !situation.Wanted.Any(other => !other.Leaves && other.Key.Instance.Generation > wanted.Key.Instance.Generation && wanted.WaitsFor(other.Key))
        select new AgentStep.Care(wanted.Key, ContainerDuty.Run);

    private static IEnumerable<AgentStep> ForNetwork(AgentSituation situation)
    {
        if (situation.Wanted.IsEmpty && situation.Containers.IsEmpty)
        {
            yield return situation.Network ? AgentStep.RemoveNetwork.Instance : AgentStep.Finish.Instance;
        }
        else if (!situation.Network && situation.Wanted.Any(wanted => !wanted.Leaves))
        {
            yield return AgentStep.EnsureNetwork.Instance;
        }
    }
}

/// <summary>What is wanted and what is there.</summary>
/// <param name="Assigned">Whether there is an assignment; without one nothing may be touched.</param>
/// <param name="Wanted">What is to be here, and what is to go in good order; distinct instances.</param>
/// <param name="Containers">What is there, or being made or removed.</param>
/// <param name="Network">Whether the deployment's network is there, or may be.</param>
internal sealed record AgentSituation(
    bool Assigned, ImmutableArray<WantedContainer> Wanted, ImmutableDictionary<ContainerKey, ContainerDuty> Containers, bool Network)
{
    /// <summary>The assignment, when it was read from the disk and no control node has spoken yet; null otherwise.</summary>
    public Assignment? FromDisk { get; init; }

    /// <summary>
    /// Whether the container is of a generation that the assignment does not know yet. Then what was read from the disk is not the last that this runner was told (an older image of the disk
    /// was restored, or it could not be written): the container is left alone until a control node says what is right.
    /// </summary>
    public bool IsLaterThanTheAssignment(ContainerKey container) => FromDisk is { } assignment && assignment.Services
        .Where(service => service.Spec.Name == container.Instance.Service)
        .SelectMany(service => service.Placements)
        .All(placement => placement.Generation < container.Instance.Generation);
}

/// <summary>What is being done about a container. From <see cref="Drain"/> on there is no way back.</summary>
internal enum ContainerDuty
{
    /// <summary>Nothing yet: it was found.</summary>
    None,

    /// <summary>It is kept running.</summary>
    Run,

    /// <summary>It goes on running; when it ends, it stays ended.</summary>
    Keep,

    /// <summary>It is stopped when its connections have ended or their time is over, then removed.</summary>
    Drain,

    /// <summary>It is being stopped and removed.</summary>
    Retire,
}

/// <summary>One thing to do.</summary>
internal abstract record AgentStep
{
    private AgentStep()
    {
    }

    /// <summary>Do this about the container; to run it means also to make it, or to adopt it when it is there.</summary>
    public sealed record Care(ContainerKey Key, ContainerDuty Duty) : AgentStep;

    /// <summary>Make the deployment's network, or find it.</summary>
    public sealed record EnsureNetwork : AgentStep
    {
        /// <summary>The one there is.</summary>
        public static EnsureNetwork Instance { get; } = new();
    }

    /// <summary>Take the deployment's network away.</summary>
    public sealed record RemoveNetwork : AgentStep
    {
        /// <summary>The one there is.</summary>
        public static RemoveNetwork Instance { get; } = new();
    }

    /// <summary>Nothing of the deployment is here, and nothing is to be: forget it.</summary>
    public sealed record Finish : AgentStep
    {
        /// <summary>The one there is.</summary>
        public static Finish Instance { get; } = new();
    }
}
