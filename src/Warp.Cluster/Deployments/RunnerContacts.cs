using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What a deployment actor knows of runners and forgets when it stops: where their actors are, what they reported, which of them are up to date. Belongs to one actor.</summary>
/// <param name="clock">The time.</param>
internal sealed class RunnerContacts(TimeProvider clock)
{
    private readonly Dictionary<RunnerId, RunnerSight> _sights = [];
    private readonly HashSet<RunnerId> _upToDate = [];
    private ImmutableDictionary<RunnerId, IActorRef> _actors = ImmutableDictionary<RunnerId, IActorRef>.Empty;
    private RunnerDirectory _directory = RunnerDirectory.Empty;

    /// <summary>For decisions: the runners, their last reports, and the time.</summary>
    public RolloutSight Sight => new(_directory, _sights, clock.GetUtcNow());

    /// <summary>Takes over a changed directory.</summary>
    public DirectoryChange Take(RunnerDirectoryChanged change)
    {
        var before = _directory;
        _directory = change.Directory;
        _actors = _actors.SetItems(change.Actors);
        return before.IsLike(_directory)
            ? DirectoryChange.OnlyLoads
            : new DirectoryChange(
                [.. _directory.Reachable.Except(before.Reachable)],
                [.. before.Reachable.Except(_directory.Reachable)],
                [.. _directory.Runners.Where(r => r.Drain != before.Find(r.Status.Runner)?.Drain).Select(r => r.Status.Runner)]);
    }

    /// <summary>Whether another node is the runner: the directory knows which of several that say so is listened to.</summary>
    public bool IsRival(RunnerReport report, IActorRef sender) =>
        _directory.IsReachable(report.Runner) && _actors.TryGetValue(report.Runner, out var known) && known.Path.Address != sender.Path.Address;

    /// <summary>Takes over a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="sender">The runner's actor.</param>
    /// <param name="version">The assignment's version.</param>
    /// <returns>Whether it says something new.</returns>
    public bool Take(RunnerReport report, IActorRef sender, long version)
    {
        _actors = _actors.SetItem(report.Runner, sender);
        if (report.AssignmentVersion == version)
        {
            _upToDate.Add(report.Runner);
        }

        var last = _sights.GetValueOrDefault(report.Runner);
        _sights[report.Runner] = RunnerSight.From(report, last, clock.GetUtcNow());
        return last is null || last.Report.AssignmentVersion != report.AssignmentVersion || !last.Report.Instances.SequenceEqual(report.Instances);
    }

    /// <summary>Sends a message to each of the runners whose actor is known.</summary>
    public void Send(IWarpMessage message, IEnumerable<RunnerId> runners)
    {
        foreach (var runner in runners)
        {
            if (_actors.TryGetValue(runner, out var actor))
            {
                actor.Tell(message);
            }
        }
    }

    /// <summary>Sends a message to each runner that is reachable.</summary>
    public void SendAll(IWarpMessage message) => Send(message, _directory.Runners.Where(runner => runner.Reachable).Select(runner => runner.Status.Runner));

    /// <summary>Those that have not reported the current version since the last call: of the given runners, and of those that work from a later one.</summary>
    public ImmutableArray<RunnerId> TakeOverdue(ImmutableArray<RunnerId> runners, long version)
    {
        var ahead = _sights.Values.Select(sight => sight.Report).Where(report => report.AssignmentVersion > version).Select(report => report.Runner);
        ImmutableArray<RunnerId> overdue = [.. runners.Union(ahead).Where(runner => !_upToDate.Contains(runner))];
        _upToDate.Clear();
        return overdue;
    }
}

/// <summary>What is other in a directory.</summary>
/// <param name="Came">Runners that are reachable now and were not.</param>
/// <param name="Went">Runners that were reachable and are not any more.</param>
/// <param name="Drained">Runners that are being drained and were not, or the other way round.</param>
internal sealed record DirectoryChange(ImmutableArray<RunnerId> Came, ImmutableArray<RunnerId> Went, ImmutableArray<RunnerId> Drained)
{
    /// <summary>Only how much the runners bear is other: that matters to what looks for a place, and to nothing that has one.</summary>
    public static DirectoryChange OnlyLoads { get; } = new([], [], []);
}
