using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What a wish would change: it is decided on, and what would follow is told instead of done. Pure.</summary>
internal static class WishPlan
{
    /// <summary>The plan.</summary>
    /// <returns>A <see cref="DeploymentPlanned"/> or a <see cref="DeploymentRejected"/>.</returns>
    public static IWarpMessage Of(DeploymentState state, DeploymentSpec wish, RolloutSight sight, Ipv4Range range)
    {
        var decision = WishDecider.Apply(state, wish, sight, range, new WishOrigin(RevisionRecord.Deployed));
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        var revision = state.Spec is null ? 0 : state.Revision;
        if (decision.Events.IsEmpty)
        {
            return new DeploymentPlanned(state.Deployment, revision, []);
        }

        var after = decision.Events.Aggregate(state, DeploymentEvolution.Apply);
        var before = state.IsWanted ? state.Spec!.Services.ToDictionary(service => service.Name) : [];
        var labels = state.IsWanted ? Labels(state.Spec!, wish) : [];
        var step = new RolloutStep(after, sight);
        var wished = wish.Services.Zip(after.Services, (spec, service) => Planned(before.GetValueOrDefault(spec.Name), spec, service, labels, step)).OfType<ServicePlanned>();
        var gone = before.Keys.Except(wish.Services.Select(service => service.Name)).Select(name => new ServicePlanned(name, PlannedAction.Remove, ["it is not in the spec any more"], []));
        return new DeploymentPlanned(state.Deployment, revision, [.. wished, .. gone]);
    }

    private static ImmutableArray<string> Labels(DeploymentSpec before, DeploymentSpec after) =>
    [
        .. new[]
        {
            string.Equals(before.Project, after.Project, StringComparison.Ordinal) ? null : $"project: {before.Project} -> {after.Project}",
            string.Equals(before.Environment, after.Environment, StringComparison.Ordinal) ? null : $"environment: {before.Environment} -> {after.Environment}",
        }.OfType<string>(),
    ];

    private static ServicePlanned? Planned(ServiceSpec? before, ServiceSpec spec, ServiceState service, ImmutableArray<string> labels, RolloutStep step)
    {
        ImmutableArray<string> reasons = before is null ? ["it is new"] : [.. labels, .. SpecDifference.Between(before, spec)];
        return reasons.IsEmpty ? null : new ServicePlanned(spec.Name, Action(before, spec, service, !labels.IsEmpty), reasons, Runners(spec, service, step));
    }

    private static PlannedAction Action(ServiceSpec? before, ServiceSpec spec, ServiceState service, bool relabelled) => before switch
    {
        null => PlannedAction.Create,
        _ when relabelled || !string.Equals(ServiceSpecHash.Of(before), service.SpecHash, StringComparison.Ordinal) =>
            spec.StopsFirst ? PlannedAction.StopAndReplace : PlannedAction.Replace,
        _ when spec.Runner is { } named && service.Placements.Any(placed => placed.Placement.Role == PlacementRole.Serving && placed.Placement.Runner != named) => PlannedAction.Move,
        _ when before.Replicas != spec.Replicas => PlannedAction.Scale,
        _ => PlannedAction.Update,
    };

    /// <summary>Where each ordinal is or will be.</summary>
    private static ImmutableArray<RunnerId> Runners(ServiceSpec spec, ServiceState service, RolloutStep step)
    {
        var runners = ImmutableArray.CreateBuilder<RunnerId>();
        for (var ordinal = 0; ordinal < spec.Replicas; ordinal++)
        {
            var newest = service.Placements.LastOrDefault(placed => placed.Placement.Ordinal == ordinal && placed.Placement.Role is PlacementRole.Serving or PlacementRole.Starting);
            if (PlacementRule.Choose(spec, newest?.Placement.Runner, step.Sight.Directory, new PlacementLoad([.. runners], step.Planned)) is not { } runner)
            {
                return [];
            }

            runners.Add(runner);
        }

        return runners.ToImmutable();
    }
}
