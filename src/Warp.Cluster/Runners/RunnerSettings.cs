using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Runners;

/// <summary>Who this runner is.</summary>
/// <param name="Self">Its name.</param>
/// <param name="Tunnel">Where peers reach its tunnel listener.</param>
/// <param name="Management">Where peers reach its management API.</param>
/// <param name="Version">The node program's version.</param>
public sealed record RunnerSettings(RunnerId Self, NodeEndpoint Tunnel, NodeEndpoint Management, string Version)
{
    /// <summary>How its host answers connections; null when nothing is known.</summary>
    public InterceptionStatus? Interception { get; init; }

    /// <summary>Its rhythms.</summary>
    public RunnerOptions Options { get; init; } = new();
}

/// <summary>The ports through which the runner's actors reach the world. Made once per process; they outlive the actor system.</summary>
/// <param name="Runtime">The container engine.</param>
/// <param name="Routes">The relay's route table.</param>
/// <param name="Rules">The kernel's rules.</param>
/// <param name="Store">The disk.</param>
/// <param name="Tunnels">The relay's links to peers.</param>
/// <param name="Probe">Looks whether containers are well.</param>
/// <param name="Connections">Counts the connections into containers.</param>
/// <param name="Volumes">The runner's volumes.</param>
public sealed record RunnerPorts(
    IContainerRuntime Runtime,
    IRouteHolder Routes,
    IRuleSet Rules,
    IAssignmentStore Store,
    ITunnelLinks Tunnels,
    IHealthProbe Probe,
    IConnectionCounter Connections,
    IContainerVolumes Volumes)
{
    /// <summary>The public URLs.</summary>
    public IPublicRouteHolder Ingress { get; init; } = NoIngress.Instance;

    /// <summary>The node's certificates.</summary>
    public INodeTrust Trust { get; init; } = NoTrust.Instance;
}

/// <summary>The rhythms of a runner's actors; the defaults are meant for production.</summary>
public sealed record RunnerOptions
{
    /// <summary>How often everything is reported, besides on change.</summary>
    public TimeSpan ReportEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a deployment that no control node knows is reported; each report wakes an entity there.</summary>
    public TimeSpan ReportUnknownEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long changes are collected before a status goes out.</summary>
    public TimeSpan StatusDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the engine is asked for everything, besides on its events.</summary>
    public TimeSpan InventoryEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How soon the engine is asked again when it did not answer.</summary>
    public TimeSpan InventoryRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the kernel's rules are looked at.</summary>
    public TimeSpan VerifyRulesEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a repair is shown among the problems.</summary>
    public TimeSpan RepairShownFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How soon a failed write to the disk is tried again.</summary>
    public TimeSpan StoreRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often connections are counted, while a container waits for the end of its own.</summary>
    public TimeSpan CountConnectionsEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the ingress is asked for problems, and the silence of deployments is looked at.</summary>
    public TimeSpan PublicLookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how much silence about a deployment's public URLs it is asked whether there still is one; three times what its actor lets pass.</summary>
    public TimeSpan PublicAskAfter { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often the node's certificates are looked at, for the report.</summary>
    public TimeSpan LookAtTrustEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an older version of a deployment's public URLs, or of an assignment that was carried out and forgotten, is taken for a late message.</summary>
    public TimeSpan LateFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The networks' back-off.</summary>
    public BackOff Network { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>The containers' rhythms.</summary>
    public ContainerOptions Containers { get; init; } = new();

    /// <summary>The tunnels' rhythms.</summary>
    public TunnelOptions Tunnels { get; init; } = new();
}
