using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Placements;

/// <summary>
/// What is placed elsewhere when its runner is away for longer than the grace: every instance that is bound neither to the runner nor to its volumes, unless most runners are away: then it is
/// this control node that is cut off. Pure.
/// </summary>
internal static class LossRule
{
    /// <summary>Whether an instance on the runner is to go to another one, as soon as one can take it.</summary>
    public static bool Leaves(ServiceSpec service, RunnerId runner, RunnerDirectory directory) =>
        service.Runner is null && service.Volumes.IsEmpty && directory.SeesMost && directory.IsGone(runner);

    /// <summary>Why an instance is not placed elsewhere although its runner is away, with the next step, for a person; null when it is, or when the runner is not.</summary>
    public static string? WhyStays(ServiceSpec service, RunnerId runner, RunnerDirectory directory)
    {
        if (directory.IsReachable(runner))
        {
            return null;
        }

        if (!service.Volumes.IsEmpty)
        {
            return $"it waits for this runner, because its data is there ({VolumeRule.Names(service)}); start the runner's node, or deploy the service for another runner once its data is there";
        }

        if (service.Runner == runner)
        {
            return "it waits for this runner, because it is bound to it; start the runner's node, or 'warp move' takes it to another one";
        }

        if (!directory.IsGone(runner))
        {
            return "it is placed on another runner when this one stays away for longer than warp.cluster.runner-grace";
        }

        return directory.SeesMost
            ? PlacementRule.Choose(service, runner, directory, PlacementLoad.None) is null ? $"no other runner can take it: {PlacementRule.WhyNobody(directory)}" : null
            : "most runners cannot be reached, so nothing is placed elsewhere; look at this control node's network";
    }
}
