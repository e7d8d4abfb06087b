using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>Where a deployment's public URLs lead. Pure.</summary>
internal static class PublicRoutePlan
{
    /// <summary>The routes by the state: public services whose port is known, with the instances that serve; none once the deployment is to go.</summary>
    public static PublicRoutes Of(DeploymentState state) => new(
        state.Deployment,
        state.Version,
        state.IsWanted ? [.. state.Spec!.Services.Zip(state.Services, Service).OfType<PublicService>()] : []);

    private static PublicService? Service(ServiceSpec spec, ServiceState service) => spec.Public && (spec.Port ?? service.SeenPort) is { } port
        ? new PublicService(
            spec.Name,
            port,
            spec.BaseUrl,
            spec.Domains,
            spec.ConnectHoldSeconds,
            [
                .. from placed in service.Placements
                   let placement = placed.Placement
                   where placement.Role == PlacementRole.Serving
                   select new PublicPlacement(placement.Ordinal, placement.Generation, placement.Runner),
            ])
        : null;
}
