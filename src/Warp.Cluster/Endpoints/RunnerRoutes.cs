using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Endpoints;

/// <summary>
/// All that a runner's data plane needs: who is where, in every deployment that has a container or a placement here. An immutable snapshot, replaced as a whole.
/// </summary>
/// <param name="Self">This runner.</param>
/// <param name="Deployments">Only deployments with a placement on this runner.</param>
/// <param name="Peers">Where the other runners' tunnels listen.</param>
public sealed record RunnerRoutes(RunnerId Self, ImmutableArray<DeploymentRoutes> Deployments, ImmutableArray<Peer> Peers)
{
    /// <summary>Before anything is known.</summary>
    public static RunnerRoutes Empty(RunnerId self) => new(self, [], []);
}

/// <summary>One deployment's part.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Bridge">Its bridge on this runner; null until it is made.</param>
/// <param name="Services">Every service of the deployment, wherever it runs.</param>
public sealed record DeploymentRoutes(DeploymentName Deployment, BridgeNetwork? Bridge, ImmutableArray<ServiceRoute> Services);

/// <summary>One service's part.</summary>
/// <param name="Service">The service.</param>
/// <param name="IstAddress">Its address inside the deployment.</param>
/// <param name="Instances">Its placements.</param>
/// <param name="ConnectHoldSeconds">How long a connection waits while no instance can take it.</param>
/// <param name="PublicPort">The one port that the ingress of any runner may reach; null while the service is not public.</param>
public sealed record ServiceRoute(
    ServiceName Service,
    Ipv4Address IstAddress,
    ImmutableArray<InstanceRoute> Instances,
    int ConnectHoldSeconds = ServiceSpec.DefaultConnectHoldSeconds,
    int? PublicPort = null);

/// <summary>One placement.</summary>
/// <param name="Instance">Which.</param>
/// <param name="Runner">Where.</param>
/// <param name="ContainerAddress">Its container's address when it is on this runner and runs; else null.</param>
/// <param name="Role">Its part in the service.</param>
/// <param name="Ready">Whether it may take connections, as far as this runner knows: of an instance elsewhere its own runner decides.</param>
public sealed record InstanceRoute(
    InstanceId Instance, RunnerId Runner, Ipv4Address? ContainerAddress, PlacementRole Role = PlacementRole.Serving, bool Ready = true);
