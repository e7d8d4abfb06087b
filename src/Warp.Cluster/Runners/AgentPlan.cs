using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Runners;

/// <summary>Decides what a runner does next for one deployment, from what is wanted and what is there. Pure; deciding again after its steps were taken gives no further step.</summary>
internal static class AgentPlan
{
    /// <summary>The containers that the assignment wants on a runner, in the order of its services.</summary>
    public static ImmutableArray<WantedContainer> Wanted(Assignment assignment, RunnerId runner) =>
    [
        .. from service in assignment.Services
           from placement in service.Placements
           where placement.Runner == runner && placement.Role != PlacementRole.Retiring
           let hash = ServiceSpecHash.Of(placement.FormerSpec ? service.FormerSpec ?? service.Spec : service.Spec)
           let instance = new InstanceId(assignment.Deployment, service.Spec.Name, placement.Ordinal, placement.Generation)
           select new WantedContainer(new ContainerKey(instance, hash), service),
    ];

    /// <summary>The next steps, in the order in which they are to be taken.</summary>
    public static ImmutableArray<AgentStep> Next(AgentSituation situation)
    {
        if (!situation.Assigned)
        {
            return situation is { Containers.IsEmpty: true, Network: false } ? [AgentStep.Finish.Instance] : [];
        }

        var steps = ImmutableArray.CreateBuilder<AgentStep>();
        var wanted = situation.Wanted;
        foreach (var (key, duty) in situation.Containers)
        {
            if (!wanted.Contains(key) && duty != ContainerDuty.Retire)
            {
                steps.Add(new AgentStep.Retire(key));
            }
        }

        foreach (var key in wanted)
        {
            if (situation.Containers.TryGetValue(key, out var duty))
            {
                if (duty == ContainerDuty.None)
                {
                    steps.Add(new AgentStep.Run(key));
                }
            }
            else if (situation.Network && !situation.Containers.Keys.Any(other => key.SharesReplicaWith(other) && !wanted.Contains(other)))
            {
                steps.Add(new AgentStep.Run(key));
            }
        }

        if (wanted.IsEmpty)
        {
            if (situation.Containers.IsEmpty)
            {
                steps.Add(situation.Network ? AgentStep.RemoveNetwork.Instance : AgentStep.Finish.Instance);
            }
        }
        else if (!situation.Network)
        {
            steps.Add(AgentStep.EnsureNetwork.Instance);
        }

        return steps.ToImmutable();
    }
}

/// <summary>A container that is to run on this runner.</summary>
/// <param name="Key">Which.</param>
/// <param name="Service">Its service.</param>
internal sealed record WantedContainer(ContainerKey Key, ServiceAssignment Service);

/// <summary>What is wanted and what is there.</summary>
/// <param name="Assigned">Whether there is an assignment; without one nothing may be touched.</param>
/// <param name="Wanted">What is to run here; distinct replicas.</param>
/// <param name="Containers">What is there, or being made or removed.</param>
/// <param name="Network">Whether the deployment's network is there, or may be.</param>
internal sealed record AgentSituation(
    bool Assigned, ImmutableHashSet<ContainerKey> Wanted, ImmutableDictionary<ContainerKey, ContainerDuty> Containers, bool Network);

/// <summary>What is being done about a container.</summary>
internal enum ContainerDuty
{
    /// <summary>Nothing yet: it was found.</summary>
    None,

    /// <summary>It is kept running.</summary>
    Run,

    /// <summary>It is being stopped and removed.</summary>
    Retire,
}

/// <summary>One thing to do.</summary>
internal abstract record AgentStep
{
    private AgentStep()
    {
    }

    /// <summary>Let this container run; adopt it when it is there.</summary>
    public sealed record Run(ContainerKey Key) : AgentStep;

    /// <summary>Stop and remove this container.</summary>
    public sealed record Retire(ContainerKey Key) : AgentStep;

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
