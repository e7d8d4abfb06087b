using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What a deployment's decisions see of the world; nothing of it is kept.</summary>
/// <param name="Directory">The runners as this control node knows them.</param>
/// <param name="Runners">What each runner that has reported said last.</param>
/// <param name="Now">The control node's time.</param>
internal sealed record RolloutSight(RunnerDirectory Directory, IReadOnlyDictionary<RunnerId, RunnerSight> Runners, DateTimeOffset Now)
{
    /// <summary>The service whose turn it is to leave a runner that is being drained; null when it is nobody's. Others stay until it is theirs.</summary>
    public MakeWay? Turn { get; init; }

    /// <summary>What the runner says of the instance; null when it has not said anything of it.</summary>
    public InstanceSight? Find(RunnerId runner, InstanceId instance) => Runners.GetValueOrDefault(runner)?.Instances.GetValueOrDefault(instance);
}

/// <summary>One runner's last report.</summary>
/// <param name="Report">The report.</param>
/// <param name="Instances">Its instances.</param>
internal sealed record RunnerSight(RunnerReport Report, ImmutableDictionary<InstanceId, InstanceSight> Instances)
{
    /// <summary>A report in the light of the one before.</summary>
    /// <param name="report">The report.</param>
    /// <param name="before">The same runner's last; null when it is the first.</param>
    /// <param name="now">The control node's time: those of two machines are never compared.</param>
    public static RunnerSight From(RunnerReport report, RunnerSight? before, DateTimeOffset now)
    {
        var instances = ImmutableDictionary.CreateBuilder<InstanceId, InstanceSight>();

        // A container that is on its way out may carry the same instance as the one that is kept.
        foreach (var observed in report.Instances.OrderByDescending(observed => observed.Phase is InstancePhase.Stopping or InstancePhase.Orphaned))
        {
            var running = before?.Instances.GetValueOrDefault(observed.Instance)?.FirstRunning ?? (observed.Phase == InstancePhase.Running ? now : null);
            instances[observed.Instance] = new InstanceSight(observed, running);
        }

        return new RunnerSight(report, instances.ToImmutable());
    }
}

/// <summary>One instance as its runner sees it.</summary>
/// <param name="Observed">The last word.</param>
/// <param name="FirstRunning">When it was first heard that its container runs; null when it never was.</param>
internal sealed record InstanceSight(InstanceObserved Observed, DateTimeOffset? FirstRunning)
{
    /// <summary>
    /// Whether it may take connections, or has ended and is to stay so: then it has done what it was for. A runner of a version without health checks leaves the health unknown: then
    /// running has to be enough.
    /// </summary>
    public bool IsReady => Observed is { Phase: InstancePhase.Running, Health: InstanceHealth.Ready or InstanceHealth.Unknown } or { Phase: InstancePhase.Ended };
}
