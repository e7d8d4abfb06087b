using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>Runner to agent: what the engine has of the deployment.</summary>
/// <param name="Bridge">Its network; null when there is none.</param>
/// <param name="Containers">Its containers.</param>
internal sealed record DeploymentInventory(BridgeNetwork? Bridge, ImmutableArray<ObservedContainer> Containers) : INoSerializationVerificationNeeded
{
    /// <summary>The engine has nothing of it.</summary>
    public static DeploymentInventory Nothing { get; } = new(null, []);

    /// <summary>Whether the other says the same.</summary>
    public bool SameAs(DeploymentInventory other) => Bridge == other.Bridge && Containers.SequenceEqual(other.Containers);

    /// <summary>The containers; of two with the same key, one that runs.</summary>
    public ImmutableDictionary<ContainerKey, ObservedContainer> ByKey() => Containers
        .OrderByDescending(c => c.Running)
        .DistinctBy(c => new ContainerKey(c.Instance, c.SpecHash))
        .ToImmutableDictionary(c => new ContainerKey(c.Instance, c.SpecHash));
}

/// <summary>Runner to agent: this container changed.</summary>
internal sealed record ContainerChanged(InstanceId Instance, string ContainerId) : INoSerializationVerificationNeeded;

/// <summary>Runner to agent: what was kept when the node ended; a control node may know more by now.</summary>
internal sealed record AssignmentFromDisk(Assignment Assignment) : INoSerializationVerificationNeeded;

/// <summary>Runner to agent: no control node knows the deployment.</summary>
internal sealed record MarkUnknown : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static MarkUnknown Instance { get; } = new();
}

/// <summary>Agent to runner, on every change, once it has seen an inventory: all that is to be known about the deployment here.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="AssignmentVersion">The version that it works from; 0 when it has none.</param>
/// <param name="Unknown">Whether no control node knows the deployment.</param>
/// <param name="Bridge">Its network; null when there is none.</param>
/// <param name="Instances">Every container, wanted or not, and what is wanted and waits.</param>
/// <param name="Problem">What is wrong with the deployment as a whole, for a person; null when nothing is.</param>
internal sealed record AgentFacts(
    DeploymentName Deployment, long AssignmentVersion, bool Unknown, BridgeNetwork? Bridge, ImmutableArray<InstanceObserved> Instances, string? Problem)
    : INoSerializationVerificationNeeded
{
    /// <summary>Whether the other says the same.</summary>
    public bool SameAs(AgentFacts? other) => other is not null && this with { Instances = other.Instances } == other && Instances.SequenceEqual(other.Instances);

    /// <summary>Whether routes made from the other are as good.</summary>
    public bool RoutesLike(AgentFacts? other) =>
        other is not null && Bridge == other.Bridge && Endpoints().SequenceEqual(other.Endpoints());

    /// <summary>As it is reported to the deployment actor.</summary>
    public RunnerReport ToReport(RunnerId runner) => new(Deployment, runner, AssignmentVersion, Instances);

    /// <summary>As the routes need it.</summary>
    public LocalEndpoints ToLocalEndpoints() => new(Bridge, Endpoints().DistinctBy(e => e.Instance).ToImmutableDictionary(e => e.Instance, e => e.Endpoint));

    private IEnumerable<(InstanceId Instance, LocalEndpoint Endpoint)> Endpoints() =>
        from instance in Instances
        where instance.ContainerAddress is not null
        select (instance.Instance, new LocalEndpoint(instance.ContainerAddress!.Value, TakesConnections(instance.Health), instance.ImagePort));

    /// <summary>A container that ran when this process began is not cut off until somebody has looked.</summary>
    private static bool TakesConnections(InstanceHealth health) => health is InstanceHealth.Ready or InstanceHealth.Unknown;
}

/// <summary>Agent to runner: nothing of the deployment is here, and nothing is to be.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="AssignmentVersion">According to this version; 0 when there is no assignment.</param>
internal sealed record AgentFinished(DeploymentName Deployment, long AssignmentVersion) : INoSerializationVerificationNeeded;

/// <summary>Agent to runner: something is here that it does not know; whatever the next inventory says, it wants to hear it.</summary>
/// <param name="Deployment">The deployment.</param>
internal sealed record AgentLacksInventory(DeploymentName Deployment) : INoSerializationVerificationNeeded;

/// <summary>To the engine's actor: take an inventory now.</summary>
/// <param name="ForAll">Whether every agent is to compare it with what it knows; otherwise it is for those to whom it says something new.</param>
internal sealed record TakeInventory(bool ForAll) : INoSerializationVerificationNeeded
{
    /// <summary>Something happened somewhere.</summary>
    public static TakeInventory ForNews { get; } = new(ForAll: false);

    /// <summary>Anything may have happened, and nobody may have told.</summary>
    public static TakeInventory ForEverybody { get; } = new(ForAll: true);
}
