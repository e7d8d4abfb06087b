using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>All that is kept of a deployment, for ever; it changes only through <see cref="IDeploymentEvent"/>s. It is its own snapshot.</summary>
/// <param name="Deployment">The name.</param>
/// <param name="Revision">Rises by one with each accepted wish, also over a removal; 0 when nothing was ever wished.</param>
/// <param name="Version">Of the <see cref="Assignment"/>; rises with each change of its content, also over a removal.</param>
/// <param name="Spec">The accepted wish; null before the first and after a finished removal.</param>
/// <param name="Removing">Whether it is being taken away.</param>
/// <param name="Services">In the spec's order.</param>
/// <param name="Retired">Services that are no longer wished, by name: should one come back, it has its address again and its generations go on rising.</param>
/// <param name="Runners">Every runner that had a placement and has not yet confirmed that it holds nothing any more; in order.</param>
internal sealed record DeploymentState(
    DeploymentName Deployment,
    long Revision,
    long Version,
    DeploymentSpec? Spec,
    bool Removing,
    ImmutableArray<ServiceState> Services,
    ImmutableArray<RetiredService> Retired,
    ImmutableArray<RunnerId> Runners) : IWarpMessage
{
    /// <summary>Before the first wish.</summary>
    public static DeploymentState Initial(DeploymentName deployment) => new(deployment, 0, 0, null, false, [], [], []);

    /// <summary>Whether anything was ever wished; if not, this node has no say about containers that carry the name.</summary>
    public bool HasHistory => Revision > 0;

    /// <summary>Whether it was taken away completely.</summary>
    public bool IsRemoved => HasHistory && Spec is null;

    /// <summary>Whether it is wished now.</summary>
    public bool IsWanted => Spec is not null && !Removing;
}

/// <summary>One wished service.</summary>
/// <param name="Service">The name.</param>
/// <param name="IstAddress">Its address as long as it is wished.</param>
/// <param name="LastGeneration">The highest generation ever given to an instance of it; 0 before the first.</param>
/// <param name="Placements">Where it is to run; empty while no runner can take it.</param>
internal sealed record ServiceState(ServiceName Service, Ipv4Address IstAddress, long LastGeneration, ImmutableArray<ServicePlacement> Placements);

/// <summary>A placement and what was placed.</summary>
/// <param name="Service">The service.</param>
/// <param name="Placement">Which generation, where.</param>
/// <param name="SpecHash">The <see cref="ServiceSpecHash"/> at that time.</param>
internal sealed record ServicePlacement(ServiceName Service, Placement Placement, string SpecHash);

/// <summary>What is kept of a service that is no longer wished.</summary>
/// <param name="Service">The name.</param>
/// <param name="IstAddress">The address it had.</param>
/// <param name="LastGeneration">The highest generation it had.</param>
internal sealed record RetiredService(ServiceName Service, Ipv4Address IstAddress, long LastGeneration);
