using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What a deployment's runners are told. Pure.</summary>
internal static class DeploymentPlan
{
    /// <summary>Where the public URL leads when neither the spec nor the image says it.</summary>
    public const int DefaultPort = 8080;

    /// <summary>The same for all runners.</summary>
    public static Assignment Assignment(DeploymentState state) => state is { IsWanted: true, Spec: { } spec }
        ? new Assignment(
            state.Deployment, state.Version, spec.Project, spec.Environment, Removed: false, [.. spec.Services.Zip(state.Services, Service), .. state.Leaving.Select(Service)])
        : new Assignment(state.Deployment, state.Version, "", "", Removed: true, []);

    private static ServiceAssignment Service(ServiceSpec spec, ServiceState service) => new(
        spec,
        service.IstAddress,
        [.. service.Placements.Select(placed => placed.Placement with { FormerSpec = service.FormerSpec is not null && PlacementEvolution.RunsFormer(placed, service.SpecHash) })],
        service.FormerSpec);

    private static ServiceAssignment Service(LeavingService service) => new(service.Spec, service.IstAddress, [.. service.Placements.Select(placed => placed.Placement)]);
}
