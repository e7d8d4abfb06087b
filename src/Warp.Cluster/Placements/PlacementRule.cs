using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Placements;

/// <summary>
/// Where a service goes: the runner that its spec names, else the one that has it, else the least loaded one that is reachable and whose container engine answers.
/// A runner that is merely unreachable keeps what it has; nothing is moved without a wish.
/// </summary>
internal static class PlacementRule
{
    /// <summary>Chooses.</summary>
    /// <param name="service">The service.</param>
    /// <param name="current">Where it is placed; null when nowhere.</param>
    /// <param name="directory">The runners.</param>
    /// <param name="planned">How many instances were given to each runner in the same decision and are not in its report yet.</param>
    /// <returns>Null when it has to wait; <see cref="WhyWaiting"/> says why.</returns>
    public static RunnerId? Choose(ServiceSpec service, RunnerId? current, RunnerDirectory directory, IReadOnlyDictionary<RunnerId, int> planned)
    {
        if (service.Runner is { } named)
        {
            return named == current || directory.Find(named) is not null ? named : null;
        }

        return current ?? directory.Runners
            .Where(CanTake)
            .OrderBy(runner => runner.Status.Instances + planned.GetValueOrDefault(runner.Status.Runner))
            .ThenBy(runner => runner.Status.Runner.Value, StringComparer.Ordinal)
            .Select(runner => (RunnerId?)runner.Status.Runner)
            .FirstOrDefault();
    }

    /// <summary>Why a service without a place has none, with the next step, for a person.</summary>
    public static string WhyWaiting(ServiceSpec service, RunnerDirectory directory)
    {
        if (service.Runner is { } named)
        {
            return directory.Find(named) is null
                ? $"it waits for the runner '{named}', which has not reported to this control node; start its node"
                : $"it is about to be placed on the runner '{named}'";
        }

        if (directory.Runners.IsEmpty)
        {
            return "it waits for a runner; none has reported to this control node yet";
        }

        return directory.Runners.Any(CanTake)
            ? "it is about to be placed"
            : "it waits for a runner that can take it: " + string.Join("; ", directory.Runners.Select(WhyNot));
    }

    private static bool CanTake(RunnerView runner) => runner is { Reachable: true, Status.EngineReady: true };

    private static string WhyNot(RunnerView runner) =>
        $"{runner.Status.Runner} {(runner.Reachable ? "has no container engine that answers; start its engine" : "is not reachable; look at its node and the network")}";
}
