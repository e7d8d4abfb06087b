using Warp.Cluster.Identity;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What all services share in one step of a rollout, and the questions that a step asks of the world.</summary>
/// <param name="state">The state before the step.</param>
/// <param name="sight">The world.</param>
internal sealed class RolloutStep(DeploymentState state, RolloutSight sight)
{
    /// <summary>An instance drains for no longer, whoever has not confirmed by then.</summary>
    private static readonly TimeSpan LongestDraining = TimeSpan.FromSeconds(15);

    /// <summary>Runners without a part hear of a public service's new instance, but do not confirm it.</summary>
    private static readonly TimeSpan Hearsay = TimeSpan.FromSeconds(1);

    private readonly HashSet<RunnerId> _parties = [.. state.Runners];

    /// <summary>The world.</summary>
    public RolloutSight Sight => sight;

    /// <summary>The assignment's version after the step.</summary>
    public long Version => state.Version + 1;

    /// <summary>How many instances each runner was given in this step; its status does not count them yet.</summary>
    public Dictionary<RunnerId, int> Planned { get; } = [];

    /// <summary>Whether the instance may take connections.</summary>
    public bool IsReady(ServicePlacement placed) => sight.Find(placed.Placement.Runner, state.Instance(placed)) is { IsReady: true };

    /// <summary>Whether the runner of a placement was removed from the cluster.</summary>
    public bool IsRemoved(ServicePlacement placed) => sight.Directory.Removed.Contains(placed.Placement.Runner);

    /// <summary>Whether a placement is on a runner that is being drained and is to leave it.</summary>
    public bool Leaves(ServiceSpec spec, ServicePlacement placed) => DrainRule.Leaves(spec, placed.Placement.Runner, sight.Directory);

    /// <summary>Whether it is the placement's turn to leave.</summary>
    public bool HasTurn(ServicePlacement placed) => sight.Turn is { } turn && turn.Service == placed.Service && turn.Runner == placed.Placement.Runner;

    /// <summary>How long the connections of a placement that leaves may go on; null: as its spec says.</summary>
    public int? DrainSeconds(ServiceSpec spec, ServicePlacement placed) =>
        sight.Directory.Find(placed.Placement.Runner)?.Drain is { } drain && drain.DeadlineSeconds < spec.DrainSeconds ? drain.DeadlineSeconds : null;

    /// <summary>Whether the runner of a placement is away for so long that the placement is to be elsewhere.</summary>
    public bool IsLost(ServiceSpec spec, ServicePlacement placed) => LossRule.Leaves(spec, placed.Placement.Runner, sight.Directory);

    /// <summary>Whether the container of a retiring placement is gone, or nobody will ever hear of it again.</summary>
    public bool IsGone(ServicePlacement placed) => placed.Placement.Role == PlacementRole.Retiring && (IsRemoved(placed) || IsReportedGone(placed));

    /// <summary>Whether everybody who may send connections to a draining placement knows its successor.</summary>
    public bool IsKnownToDrain(ServicePlacement placed, bool isPublic)
    {
        var age = sight.Now - (placed.Since ?? DateTimeOffset.MinValue);
        return age >= LongestDraining || (Confirmed(placed.SinceVersion) && (age >= Hearsay || !isPublic || AllAreParties()));
    }

    private bool Confirmed(long version) =>
        _parties.Where(sight.Directory.IsReachable).All(runner => sight.Runners.GetValueOrDefault(runner) is { } known && known.Report.AssignmentVersion >= version);

    private bool IsReportedGone(ServicePlacement placed) =>
        sight.Runners.GetValueOrDefault(placed.Placement.Runner) is { } runner
        && (runner.Report.AssignmentVersion >= placed.SinceVersion || runner.Report.AssignmentVersion == 0)
        && !runner.Instances.ContainsKey(state.Instance(placed));

    private bool AllAreParties() => sight.Directory.Runners.All(runner => !runner.Reachable || _parties.Contains(runner.Status.Runner));
}
