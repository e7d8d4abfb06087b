using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What a look at the world brings about: a report, a changed directory, or time that went by. Pure; looking again and again at the same world soon brings nothing more.</summary>
internal static class RolloutDecider
{
    /// <summary>The next step.</summary>
    public static Decision Advance(DeploymentState state, RolloutSight sight, Ipv4Range range)
    {
        var events = ImmutableArray.CreateBuilder<IDeploymentEvent>();
        if (state.IsWanted && RolloutFailure.Of(state, sight) is { } failure && Revert(state, sight, range, failure) is { IsEmpty: false } revert)
        {
            events.AddRange(revert);
            state = revert.Aggregate(state, DeploymentEvolution.Apply);
        }

        Add(state.IsWanted ? Place(state, sight) : null);
        Add(state.IsWanted ? Ports(state, sight) : null);
        foreach (var released in Released(state, sight))
        {
            Add(released);
        }

        Add(state.Removing && state.Runners.IsEmpty ? new DeploymentRemoved() : null);
        Add(state is { IsWanted: true, Completed: false } && RolloutProgress.IsComplete(state, sight) ? new RolloutCompleted(state.Revision) : null);
        return Decision.Accept(events.ToImmutable());

        void Add(IDeploymentEvent? next)
        {
            if (next is not null)
            {
                events.Add(next);
                state = state.Apply(next);
            }
        }
    }

    /// <summary>The placements' next step.</summary>
    /// <returns>Null when there is none.</returns>
    public static PlacementsChanged? Place(DeploymentState state, RolloutSight sight)
    {
        var step = new RolloutStep(state, sight);
        var placed = ImmutableArray.CreateBuilder<ServicePlacement>();
        var dropped = ImmutableArray.CreateBuilder<PlacementId>();
        foreach (var (spec, service) in state.Wished)
        {
            var next = ServiceRollout.Next(spec, service, step);
            placed.AddRange(next.Except(service.Placements));
            dropped.AddRange(service.Placements.Select(Id).Except(next.Select(Id)));
        }

        dropped.AddRange(state.Leaving.SelectMany(service => service.Placements).Where(step.IsGone).Select(Id));
        return placed.Count + dropped.Count == 0 ? null : new PlacementsChanged(step.Version, placed.ToImmutable(), dropped.ToImmutable());
    }

    private static PlacementId Id(ServicePlacement placed) => new(placed.Service, placed.Placement.Generation);

    private static ImmutableArray<IDeploymentEvent> Revert(DeploymentState state, RolloutSight sight, Ipv4Range range, string failure) =>
        state.Failure is null && RevisionHistory.LastCompleted(state) is { } revision && RevisionHistory.Find(state, revision) is { } spec
            ? WishDecider.Accept(state, spec, sight, range, new WishOrigin($"rolled back by itself from {state.Revision} to {revision}: {failure}", Failure: failure)).Events
            : [];

    private static PortsSeen? Ports(DeploymentState state, RolloutSight sight)
    {
        ImmutableArray<SeenPort> seen =
        [
            .. from service in state.Services
               let observed = service.Placements
                   .Where(placed => placed.Placement.Role == PlacementRole.Serving)
                   .Select(placed => sight.Find(placed.Placement.Runner, state.Instance(placed))?.Observed)
                   .LastOrDefault(observed => observed?.ContainerId is not null)
               where observed is not null
               let port = observed.ImagePort ?? DeploymentPlan.DefaultPort
               where port != service.SeenPort
               select new SeenPort(service.Service, port),
        ];
        return seen.IsEmpty ? null : new PortsSeen(seen);
    }

    /// <summary>A runner that is to hold nothing and holds nothing has no part any more; what one holds that was removed from the cluster, nobody will ever hear.</summary>
    private static IEnumerable<RunnerReleased> Released(DeploymentState state, RolloutSight sight)
    {
        var holders = state.IsWanted ? state.Placements.Select(placed => placed.Placement.Runner).ToHashSet() : [];
        return from runner in state.Runners
               where !holders.Contains(runner)
               let report = sight.Runners.GetValueOrDefault(runner)?.Report
               where sight.Directory.Removed.Contains(runner)
                   || (report is { Instances.IsEmpty: true } && (report.AssignmentVersion >= state.Version || report.AssignmentVersion == 0))
               select new RunnerReleased(runner);
    }
}
