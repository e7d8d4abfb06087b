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
internal sealed record SpecApplied(long Revision, long Version, DeploymentSpec Spec, ImmutableArray<ServiceAddress> Addresses) : IDeploymentEvent;

/// <summary>A service's address.</summary>
internal sealed record ServiceAddress(ServiceName Service, Ipv4Address IstAddress);

/// <summary>Services got a (new) place; one that had another loses it.</summary>
/// <param name="Version">The assignment's version from now on.</param>
/// <param name="Placements">At least one.</param>
internal sealed record ServicesPlaced(long Version, ImmutableArray<ServicePlacement> Placements) : IDeploymentEvent;

/// <summary>The deployment is to be taken away.</summary>
/// <param name="Version">The assignment's version from now on.</param>
internal sealed record RemovalAccepted(long Version) : IDeploymentEvent;

/// <summary>A runner without a placement has confirmed that it holds nothing of the deployment any more.</summary>
internal sealed record RunnerReleased(RunnerId Runner) : IDeploymentEvent;

/// <summary>Nothing is left of it on any runner.</summary>
internal sealed record DeploymentRemoved : IDeploymentEvent;
