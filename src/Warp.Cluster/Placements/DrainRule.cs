using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Placements;

/// <summary>What leaves a runner that is being drained: every instance that another runner can take over and that is bound to none. Pure.</summary>
internal static class DrainRule
{
    /// <summary>Whether an instance on the runner is to go to another one, as soon as one can take it and it is its turn.</summary>
    public static bool Leaves(ServiceSpec service, RunnerId runner, RunnerDirectory directory) => directory.IsDrained(runner) && service.Runner != runner && service.Volumes.IsEmpty;

    /// <summary>Why an instance is not moved away from the runner, with the next step, for a person; null when it is, or when the runner is not drained.</summary>
    public static string? WhyStays(ServiceSpec service, RunnerId runner, RunnerDirectory directory)
    {
        if (!directory.IsDrained(runner))
        {
            return null;
        }

        if (!service.Volumes.IsEmpty)
        {
            return $"its data is there: {VolumeRule.Names(service)} is not moved; deploy the service for another runner once its data is there";
        }

        return service.Runner == runner
            ? "it is bound to this runner; 'warp move' takes it to another one, or deploy it without a runner"
            : PlacementRule.Choose(service, runner, directory, PlacementLoad.None) == runner ? $"no other runner can take it: {PlacementRule.WhyNobody(directory)}" : null;
    }
}
