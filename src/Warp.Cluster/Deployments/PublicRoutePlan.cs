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
        state.IsWanted ? [.. state.Spec!.Services.Zip(state.Services, Service).OfType<PublicService>()] : [],
        state.WishedSince);

    /// <summary>Whether both lead to the same.</summary>
    public static bool Same(PublicRoutes left, PublicRoutes right) =>
        left.FirstAccepted == right.FirstAccepted && left.Services.Length == right.Services.Length && left.Services.Zip(right.Services, Same).All(same => same);

    private static bool Same(PublicService left, PublicService right) =>
        left with { Domains = right.Domains, Placements = right.Placements } == right
        && left.Domains.SequenceEqual(right.Domains, StringComparer.Ordinal)
        && left.Placements.SequenceEqual(right.Placements);

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
