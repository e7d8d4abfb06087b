using System.Collections.Immutable;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What a person sees of a deployment: wish and reality side by side. Pure.</summary>
internal static class DeploymentViews
{
    /// <summary>The view.</summary>
    /// <param name="state">A state with a spec.</param>
    /// <param name="sight">The world.</param>
    public static DeploymentView Of(DeploymentState state, RolloutSight sight)
    {
        var spec = state.Spec ?? throw new ArgumentException("a removed deployment has no view", nameof(state));
        return new DeploymentView(
            state.Deployment,
            spec.Project,
            spec.Environment,
            state.Revision,
            state.Removing,
            [.. spec.Services.Zip(state.Services, (wish, service) => Service(state, wish, service, sight))],
            (state.Completed, state.Failure) switch
            {
                (false, _) => RolloutState.Progressing,
                (true, null) => RolloutState.Completed,
                _ => RolloutState.RolledBack,
            },
            state.Failure ?? (state is { IsWanted: true, Completed: false } ? RolloutProgress.Awaited(state, sight) : null));
    }

    private static ServiceView Service(DeploymentState state, ServiceSpec wish, ServiceState service, RolloutSight sight)
    {
        ImmutableArray<InstanceView> instances = [.. service.Placements.Select(placed => Instance(state, wish, placed, sight))];
        var places = service.Placements.Count(placed => ServiceRollout.IsCurrent(wish, service, placed) && placed.Placement.Role is PlacementRole.Serving or PlacementRole.Starting);
        var waiting = places == 0 && state.IsWanted ? PlacementRule.WhyWaiting(wish, sight.Directory) : null;
        return new ServiceView(
            wish.Name, wish.Image, service.IstAddress, wish.Port ?? service.SeenPort, instances, waiting, wish.Replicas, wish.Public, wish.BaseUrl, wish.Domains);
    }

    private static InstanceView Instance(DeploymentState state, ServiceSpec wish, ServicePlacement placed, RolloutSight sight)
    {
        var (ordinal, generation, runner, role) = (placed.Placement.Ordinal, placed.Placement.Generation, placed.Placement.Runner, placed.Placement.Role);
        var stays = role == PlacementRole.Serving ? DrainRule.WhyStays(wish, runner, sight.Directory) ?? LossRule.WhyStays(wish, runner, sight.Directory) : null;
        return new InstanceView(ordinal, generation, runner, sight.Directory.IsReachable(runner), sight.Find(runner, state.Instance(placed))?.Observed, role, stays);
    }
}
