using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Placements;

/// <summary>
/// Where an instance goes: the runner that its service's spec names, else the one that has it, else, of those that are reachable and whose container engine answers, the one with the
/// fewest instances of the service and then of all. Whichever it is has the volumes that the service needs. A runner that is merely unreachable keeps what it has; one that was removed
/// from the cluster does not, nor does one that is away for longer than the grace, as far as <see cref="LossRule"/> lets it go. One that is being drained gets nothing new and keeps only
/// what nobody else can take. Nothing else is moved without a wish.
/// </summary>
internal static class PlacementRule
{
    /// <summary>Chooses.</summary>
    /// <param name="service">The service.</param>
    /// <param name="current">Where the instance is placed; null when nowhere.</param>
    /// <param name="directory">The runners.</param>
    /// <param name="load">What the runners have to bear.</param>
    /// <returns>Null when it has to wait; <see cref="WhyWaiting"/> says why.</returns>
    public static RunnerId? Choose(ServiceSpec service, RunnerId? current, RunnerDirectory directory, PlacementLoad load)
    {
        if (service.Runner is { } named)
        {
            return MayStay(service, named, named == current, directory) && (named == current || !directory.IsDrained(named)) ? named : null;
        }

        var kept = current is { } here && MayStay(service, here, known: true, directory) ? current : null;
        return kept is { } stays && !DrainRule.Leaves(service, stays, directory)
            ? stays
            : directory.Runners
                .Where(runner => CanTake(runner) && HasVolumes(service, runner))
                .OrderBy(runner => load.OfService(runner.Status))
                .ThenBy(runner => load.OfAll(runner.Status))
                .ThenBy(runner => runner.Status.Runner.Value, StringComparer.Ordinal)
                .Select(runner => (RunnerId?)runner.Status.Runner)
                .FirstOrDefault() ?? kept;
    }

    /// <summary>Why an instance without a place has none, with the next step, for a person.</summary>
    public static string WhyWaiting(ServiceSpec service, RunnerDirectory directory)
    {
        if (service.Runner is { } named)
        {
            return directory.Find(named) switch
            {
                null when directory.Removed.Contains(named) => $"it waits: the runner '{named}' was removed from the cluster; deploy the service for another one",
                null => $"it waits for the runner '{named}', which has not reported to this control node; start its node",
                { Drain: not null } => $"it waits: the runner '{named}' is being drained; run 'warp undrain {named}', or deploy the service for another one",
                { } runner when VolumeRule.Missing(service, runner) is { IsEmpty: false } missing => $"it waits: {VolumeRule.Advice(missing, named)}",
                _ => $"it is about to be placed on the runner '{named}'",
            };
        }

        if (directory.Runners.IsEmpty)
        {
            return "it waits for a runner; none has reported to this control node yet";
        }

        var able = directory.Runners.Where(CanTake).ToList();
        if (able.Count == 0)
        {
            return "it waits for a runner that can take it: " + WhyNobody(directory);
        }

        return able.Exists(runner => HasVolumes(service, runner))
            ? "it is about to be placed"
            : $"it waits: {VolumeRule.Advice(able.Select(runner => VolumeRule.Missing(service, runner)).MinBy(missing => missing.Length), able.Count == 1 ? able[0].Status.Runner : null)}";
    }

    /// <summary>Why none of the runners can take an instance now, with the next step for each, for a person.</summary>
    public static string WhyNobody(RunnerDirectory directory) => string.Join("; ", directory.Runners.Where(runner => !CanTake(runner)).Select(WhyNot));

    private static bool MayStay(ServiceSpec service, RunnerId runner, bool known, RunnerDirectory directory) =>
        !directory.Removed.Contains(runner) && !LossRule.Leaves(service, runner, directory) && (directory.Find(runner) is { } found ? HasVolumes(service, found) : known && service.Volumes.IsEmpty);

    private static bool HasVolumes(ServiceSpec service, RunnerView runner) => VolumeRule.Missing(service, runner).IsEmpty;

    private static bool CanTake(RunnerView runner) => runner is { Reachable: true, Status.EngineReady: true, Drain: null };

    private static string WhyNot(RunnerView runner) => $"{runner.Status.Runner} " + runner switch
    {
        { Reachable: false } => "is not reachable; look at its node and the network",
        { Status.EngineReady: false } => "has no container engine that answers; start its engine",
        _ => $"is being drained; 'warp undrain {runner.Status.Runner}' lets it take services again",
    };
}
