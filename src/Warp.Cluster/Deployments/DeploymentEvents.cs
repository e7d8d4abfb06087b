using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>A fact of a deployment's life, in the journal for ever: what was decided, not what was asked, so that a replay needs no rule of today.</summary>
internal interface IDeploymentEvent : IWarpMessage;

/// <summary>A wish was accepted.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Version">The assignment's version from now on.</param>
/// <param name="Spec">The wish.</param>
/// <param name="Addresses">The address of each of its services.</param>
/// <param name="AcceptedAt">When; null when a version of the program without rollouts wrote it.</param>
/// <param name="Reason">What made it, for a person; null as above.</param>
/// <param name="RequestId">The wish's id; null when it had none.</param>
/// <param name="Fresh">Services whose every instance is to be replaced even when its spec is the wished one; never default.</param>
/// <param name="Leaving">Services that are no longer wished and whose containers are to retire; the containers of others that are missing from the spec just go. Never default.</param>
/// <param name="Failure">When it is an earlier revision that is taken up again by itself: why the one before failed; null otherwise.</param>
internal sealed record SpecApplied(
    long Revision,
    long Version,
    DeploymentSpec Spec,
    ImmutableArray<ServiceAddress> Addresses,
    DateTimeOffset? AcceptedAt = null,
    string? Reason = null,
    string? RequestId = null,
    ImmutableArray<ServiceName> Fresh = default,
    ImmutableArray<ServiceName> Leaving = default,
    string? Failure = null) : IDeploymentEvent
{
    /// <inheritdoc cref="SpecApplied"/>
    public ImmutableArray<ServiceName> Fresh { get; init; } = Fresh.IsDefault ? [] : Fresh;

    /// <inheritdoc cref="SpecApplied"/>
    public ImmutableArray<ServiceName> Leaving { get; init; } = Leaving.IsDefault ? [] : Leaving;
}

/// <summary>A service's address.</summary>
/// <param name="Service">The service.</param>
/// <param name="IstAddress">Its address.</param>
/// <param name="SpecHash">The <see cref="ServiceSpecHash"/> of its wished spec; null when a version of the program without rollouts wrote it.</param>
internal sealed record ServiceAddress(ServiceName Service, Ipv4Address IstAddress, string? SpecHash = null);

/// <summary>A wish with an id was accepted that changes nothing.</summary>
internal sealed record RequestAccepted(string RequestId) : IDeploymentEvent;

/// <summary>Services got a (new) place; one that had another loses it at once. Versions of the program without rollouts wrote it; <see cref="PlacementsChanged"/> has taken its place.</summary>
/// <param name="Version">The assignment's version from now on.</param>
/// <param name="Placements">At least one.</param>
internal sealed record ServicesPlaced(long Version, ImmutableArray<ServicePlacement> Placements) : IDeploymentEvent;

/// <summary>Placements were added, took another role, or are no more.</summary>
/// <param name="Version">The assignment's version from now on.</param>
/// <param name="Placed">New ones and those with another role; a known one is recognised by its service and generation.</param>
/// <param name="Dropped">Those that are no more: their containers are gone.</param>
internal sealed record PlacementsChanged(long Version, ImmutableArray<ServicePlacement> Placed, ImmutableArray<PlacementId> Dropped) : IDeploymentEvent;

/// <summary>Names a placement in its deployment: a service's generations are never used twice.</summary>
internal sealed record PlacementId(ServiceName Service, long Generation);

/// <summary>
/// What runs was taken over from a runner that knew more than the journal. It follows the <see cref="SpecApplied"/> that takes over the wish, in whose version the placements are.
/// </summary>
/// <param name="Placements">Every placement of the wished services.</param>
/// <param name="FormerSpecs">What placements that are not of the wished spec run; at most one for a service.</param>
/// <param name="Leaving">Services that are no longer wished and whose containers are not gone yet.</param>
internal sealed record PlacementsRecovered(
    ImmutableArray<ServicePlacement> Placements, ImmutableArray<ServiceSpec> FormerSpecs, ImmutableArray<LeavingService> Leaving) : IDeploymentEvent;

/// <summary>The images said which port they serve.</summary>
internal sealed record PortsSeen(ImmutableArray<SeenPort> Ports) : IDeploymentEvent;

/// <summary>What a service's image says.</summary>
/// <param name="Service">The service.</param>
/// <param name="Port">The image's single EXPOSEd TCP port, else the default one.</param>
internal sealed record SeenPort(ServiceName Service, int Port);

/// <summary>All of the accepted revision serves, and nothing of an earlier one is left.</summary>
internal sealed record RolloutCompleted(long Revision) : IDeploymentEvent;

/// <summary>The deployment is to be taken away.</summary>
/// <param name="Version">The assignment's version from now on.</param>
internal sealed record RemovalAccepted(long Version) : IDeploymentEvent;

/// <summary>A runner without a placement has confirmed that it holds nothing of the deployment any more.</summary>
internal sealed record RunnerReleased(RunnerId Runner) : IDeploymentEvent;

/// <summary>Nothing is left of it on any runner.</summary>
internal sealed record DeploymentRemoved : IDeploymentEvent;
