using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What follows from a deployment's state for others: what its runners are told and what a person sees. Pure.</summary>
internal static class DeploymentPlan
{
    private const int DefaultPort = 8080;

    /// <summary>What every runner of the deployment is told; the same for all of them.</summary>
    public static Assignment Assignment(DeploymentState state) => state is { IsWanted: true, Spec: { } spec }
        ? new Assignment(state.Deployment, state.Version, spec.Project, spec.Environment, Removed: false, [.. spec.Services.Zip(state.Services, Service)])
        : new Assignment(state.Deployment, state.Version, "", "", Removed: true, []);

    /// <summary>Wish and reality side by side.</summary>
    /// <param name="state">A state with a spec.</param>
    /// <param name="reports">The last report of each runner.</param>
    /// <param name="directory">The runners.</param>
    public static DeploymentView View(DeploymentState state, IReadOnlyDictionary<RunnerId, RunnerReport> reports, RunnerDirectory directory)
    {
        var spec = state.Spec ?? throw new ArgumentException("a removed deployment has no view", nameof(state));
        return new DeploymentView(
            state.Deployment, spec.Project, spec.Environment, state.Revision, state.Removing,
            [.. spec.Services.Zip(state.Services, (wish, service) => Service(state, wish, service, reports, directory))]);
    }

    private static ServiceAssignment Service(ServiceSpec spec, ServiceState service) =>
        new(spec, service.IstAddress, [.. service.Placements.Select(placed => placed.Placement)]);

    private static ServiceView Service(
        DeploymentState state, ServiceSpec wish, ServiceState service, IReadOnlyDictionary<RunnerId, RunnerReport> reports, RunnerDirectory directory)
    {
        ImmutableArray<InstanceView> instances = [.. service.Placements.Select(placed => Instance(state.Deployment, placed, reports, directory))];
        var waiting = instances.IsEmpty && state.IsWanted ? PlacementRule.WhyWaiting(wish, directory) : null;
        return new ServiceView(wish.Name, wish.Image, service.IstAddress, Port(wish, instances), instances, waiting);
    }

    private static InstanceView Instance(
        DeploymentName deployment, ServicePlacement placed, IReadOnlyDictionary<RunnerId, RunnerReport> reports, RunnerDirectory directory)
    {
        var (ordinal, generation, runner, _, _) = placed.Placement;
        var id = new InstanceId(deployment, placed.Service, ordinal, generation);
        var observed = reports.GetValueOrDefault(runner)?.Instances.FirstOrDefault(instance => instance.Instance == id);
        return new InstanceView(ordinal, generation, runner, directory.IsReachable(runner), observed);
    }

    private static int? Port(ServiceSpec wish, ImmutableArray<InstanceView> instances)
    {
        var seen = instances.Select(instance => instance.Observed).FirstOrDefault(observed => observed?.ContainerId is not null);
        return wish.Port ?? (seen is null ? null : seen.ImagePort ?? DefaultPort);
    }
}
