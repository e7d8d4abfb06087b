using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Protocol;

/// <summary>
/// Control node to every runner, on change and on a timer: where one deployment's public URLs lead, so that the ingress of any node can serve them. It replaces what the runner
/// knew of the deployment unless its version is older.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Version">Of the deployment's <see cref="Assignment"/> at that time.</param>
/// <param name="Services">Its public services; empty when it has none, or is gone.</param>
/// <param name="FirstAccepted">Since when the deployment is wished without a break: of two that claim a host the earlier keeps it; null when nobody knows.</param>
public sealed record PublicRoutes(DeploymentName Deployment, long Version, ImmutableArray<PublicService> Services, DateTimeOffset? FirstAccepted = null) : IWarpMessage;

/// <summary>One public service.</summary>
/// <param name="Service">The name.</param>
/// <param name="Port">The container's port, 1 to 65535.</param>
/// <param name="BaseUrl">The id of the base domain; null for the default one.</param>
/// <param name="Domains">Further host names, lower case.</param>
/// <param name="ConnectHoldSeconds">How long a connection waits while no instance can take it.</param>
/// <param name="Placements">The instances that serve, by ordinal; empty while none does.</param>
public sealed record PublicService(
    ServiceName Service, int Port, string? BaseUrl, ImmutableArray<string> Domains, int ConnectHoldSeconds, ImmutableArray<PublicPlacement> Placements);

/// <summary>One instance that serves.</summary>
public sealed record PublicPlacement(int Ordinal, long Generation, RunnerId Runner);
