using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What a deployment actor knows of runners and forgets when it stops: where their actors are, what they reported, which of them are up to date. Belongs to one actor.</summary>
internal sealed class RunnerContacts
{
    private readonly Dictionary<RunnerId, RunnerReport> _reports = [];
    private readonly HashSet<RunnerId> _upToDate = [];
    private ImmutableDictionary<RunnerId, IActorRef> _actors = ImmutableDictionary<RunnerId, IActorRef>.Empty;

    /// <summary>The last report of each runner.</summary>
    public IReadOnlyDictionary<RunnerId, RunnerReport> Reports => _reports;

    /// <summary>The runners as this control node knows them.</summary>
    public RunnerDirectory Directory { get; private set; } = RunnerDirectory.Empty;

    /// <summary>Takes over a changed directory.</summary>
    /// <returns>Whether one of the runners that matter became reachable or unreachable.</returns>
    public bool Take(RunnerDirectoryChanged change, ImmutableArray<RunnerId> matter)
    {
        var changed = matter.Any(runner => Directory.IsReachable(runner) != change.Directory.IsReachable(runner));
        Directory = change.Directory;
        _actors = _actors.SetItems(change.Actors);
        return changed;
    }

    /// <summary>Takes over a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="sender">The runner's actor.</param>
    /// <param name="version">The assignment's version.</param>
    /// <returns>Whether it says something new.</returns>
    public bool Take(RunnerReport report, IActorRef sender, long version)
    {
        _actors = _actors.SetItem(report.Runner, sender);
        if (report.AssignmentVersion >= version)
        {
            _upToDate.Add(report.Runner);
        }

        var last = _reports.GetValueOrDefault(report.Runner);
        _reports[report.Runner] = report;
        return last is null || last.AssignmentVersion != report.AssignmentVersion || !last.Instances.SequenceEqual(report.Instances);
    }

    /// <summary>Sends the assignment to each of the runners whose actor is known.</summary>
    public void Send(Assignment assignment, IEnumerable<RunnerId> runners)
    {
        foreach (var runner in runners)
        {
            if (_actors.TryGetValue(runner, out var actor))
            {
                actor.Tell(assignment);
            }
        }
    }

    /// <summary>Those of the runners that have not reported the current version since the last call.</summary>
    public ImmutableArray<RunnerId> TakeOverdue(ImmutableArray<RunnerId> runners)
    {
        ImmutableArray<RunnerId> overdue = [.. runners.Where(runner => !_upToDate.Contains(runner))];
        _upToDate.Clear();
        return overdue;
    }
}
