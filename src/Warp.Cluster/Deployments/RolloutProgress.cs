using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>How far the accepted revision is. Pure.</summary>
internal static class RolloutProgress
{
    /// <summary>Whether every instance of it serves and nothing else is left. What is left on a runner that cannot be reached does not count: it goes when the runner is back.</summary>
    public static bool IsComplete(DeploymentState state, RolloutSight sight) => Awaited(state, sight) is null;

    /// <summary>What it waits for, for a person; null when it is complete.</summary>
    public static string? Awaited(DeploymentState state, RolloutSight sight)
    {
        foreach (var (spec, service) in state.Wished)
        {
            if (Awaited(state, spec, service, sight) is { } awaited)
            {
                return awaited;
            }
        }

        return state.Placements.FirstOrDefault(placed => Lingers(placed, sight)) is { } old
            ? $"the former instance of {old.Service} on {old.Placement.Runner} comes to its end"
            : null;
    }

    /// <summary>Whether something changes by mere passing of time.</summary>
    public static bool HasTimeLimits(DeploymentState state) =>
        state.IsWanted && state.Placements.Any(placed => placed.Placement.Role is PlacementRole.Starting or PlacementRole.Draining);

    private static string? Awaited(DeploymentState state, ServiceSpec spec, ServiceState service, RolloutSight sight)
    {
        for (var ordinal = 0; ordinal < spec.Replicas; ordinal++)
        {
            var newest = service.Placements.LastOrDefault(placed => placed.Placement.Ordinal == ordinal && placed.Placement.Role is PlacementRole.Serving or PlacementRole.Starting);
            if (newest is null || !ServiceRollout.IsCurrent(spec, service, newest))
            {
                return $"{spec.Name} waits for its place";
            }

            var seen = sight.Find(newest.Placement.Runner, state.Instance(newest));
            if (seen is not { IsReady: true } || newest.Placement.Role != PlacementRole.Serving)
            {
                return NotReady(spec.Name, newest.Placement.Runner, seen?.Observed, sight);
            }
        }

        return null;
    }

    private static string NotReady(ServiceName service, RunnerId runner, InstanceObserved? seen, RolloutSight sight) => seen switch
    {
        _ when !sight.Directory.IsReachable(runner) => $"{service} waits for the runner '{runner}', which is not reachable; look at its node, or move the service to another runner",
        null => $"{service} waits for the runner '{runner}' to take it up",
        { Cause: { } cause } => $"{service} on {runner}: {cause}",
        { Phase: InstancePhase.Running } => $"{service} on {runner} runs and is not ready yet",
        _ => $"{service} on {runner} is not running yet",
    };

    private static bool Lingers(ServicePlacement placed, RolloutSight sight) =>
        placed.Placement.Role is PlacementRole.Draining or PlacementRole.Retiring && sight.Directory.IsReachable(placed.Placement.Runner);
}
