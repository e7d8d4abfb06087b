using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>A deployment without an actor: what is decided is applied at once, and a test plays the runners and the clock.</summary>
internal sealed class DeploymentStory
{
    private readonly Dictionary<RunnerId, RunnerSight> _sights = [];

    public DeploymentStory(params RunnerId[] runners) => Directory = Sample.Directory([.. runners.Select(runner => Sample.Runner(runner))]);

    public DeploymentState State { get; private set; } = DeploymentState.Initial(Sample.Shop);

    public List<IDeploymentEvent> Journal { get; } = [];

    public RunnerDirectory Directory { get; private set; }

    public DateTimeOffset Now { get; private set; } = Sample.Noon;

    public RolloutSight Sight => new(Directory, _sights, Now);

    public DeploymentView View => DeploymentViews.Of(State, Sight);

    /// <summary>The placements, such as "app#0@2 r1 Starting"; serving ones without their role.</summary>
    public IEnumerable<string> Places => State.Placements.Select(placed =>
        $"{placed.Service}#{placed.Placement.Ordinal}@{placed.Placement.Generation} {placed.Placement.Runner}{(placed.Placement.Role == PlacementRole.Serving ? "" : $" {placed.Placement.Role}")}");

    /// <summary>What is decided on a wish; applied unless it is refused.</summary>
    public Decision Wish(IDeploymentMessage wish) => Take(WishDecider.Decide(State, wish, Sight, Sample.Range));

    public DeploymentStory Deploy(params ServiceSpec[] services)
    {
        Wish(new ApplyDeployment(Sample.Spec(services))).Refusal.ShouldBeNull();
        return this;
    }

    public DeploymentStory Change(DeploymentChange change)
    {
        Wish(new ChangeDeployment(Sample.Shop, change)).Refusal.ShouldBeNull();
        return this;
    }

    /// <summary>The runner has done what it was told, and says so.</summary>
    /// <param name="runner">Who.</param>
    /// <param name="tell">Changes what it says of an instance; null takes the instance out.</param>
    public DeploymentStory Report(RunnerId runner, Func<InstanceObserved, InstanceObserved?>? tell = null)
    {
        var report = Sample.Done(DeploymentPlan.Assignment(State), runner);
        return Take(report with { Instances = [.. report.Instances.Select(tell ?? (observed => observed)).OfType<InstanceObserved>()] });
    }

    public DeploymentStory Take(RunnerReport report)
    {
        _sights[report.Runner] = RunnerSight.From(report, _sights.GetValueOrDefault(report.Runner), Now);
        return Advance();
    }

    /// <summary>A runner that knows more than the journal is taken at its word.</summary>
    public DeploymentStory Recover(RunnerReport report, bool wishIsNewer = false)
    {
        _sights[report.Runner] = RunnerSight.From(report, _sights.GetValueOrDefault(report.Runner), Now);
        Take(RecoveryDecider.Recover(State, report, Sight, Sample.Range, wishIsNewer)).Events.ShouldNotBeEmpty();
        return this;
    }

    /// <summary>With the events of another story so far.</summary>
    public DeploymentStory Replay(IEnumerable<IDeploymentEvent> journal)
    {
        Take(Decision.Accept([.. journal]));
        return this;
    }

    /// <summary>Every reachable runner does what it is told and says so until nothing changes any more.</summary>
    public DeploymentStory Settle()
    {
        for (var before = -1L; before != State.Version;)
        {
            before = State.Version;
            foreach (var runner in Directory.Runners.Where(runner => runner.Reachable))
            {
                Report(runner.Status.Runner);
            }

            Forward(TimeSpan.FromSeconds(1));
        }

        return this;
    }

    public DeploymentStory Forward(TimeSpan time)
    {
        Now += time;
        return Advance();
    }

    /// <summary>A service has its turn to leave a drained runner.</summary>
    public DeploymentStory Turn(MakeWay turn)
    {
        Take(RolloutDecider.Advance(State, Sight with { Turn = turn }, Sample.Range));
        return Advance();
    }

    public DeploymentStory Know(params RunnerView[] runners)
    {
        Directory = Sample.Directory(runners);
        return Advance();
    }

    /// <summary>Nothing was heard of the runner for longer than the grace.</summary>
    public DeploymentStory Lost(RunnerId lost, params RunnerView[] runners)
    {
        Directory = Sample.Directory(runners) with { Silent = [lost], Waited = true };
        return Advance();
    }

    /// <summary>The control node has listened for longer than the grace, and these are all that it heard of.</summary>
    public DeploymentStory Waited(params RunnerView[] runners)
    {
        Directory = Sample.Directory(runners) with { Waited = true };
        return Advance();
    }

    /// <summary>The runner was removed from the cluster; the others are left.</summary>
    public DeploymentStory Removed(RunnerId gone, params RunnerView[] others)
    {
        Directory = Sample.Directory(others) with { Removed = [gone] };
        return Advance();
    }

    /// <summary>As a control node that was restarted: the journal is replayed, and nothing is known of the world.</summary>
    public DeploymentStory Restart()
    {
        var replayed = Journal.Aggregate(DeploymentState.Initial(Sample.Shop), DeploymentEvolution.Apply);
        Sample.Json(replayed).ShouldBe(Sample.Json(State));
        State = replayed;
        _sights.Clear();
        return this;
    }

    /// <summary>Among <see cref="Places"/> is this one.</summary>
    public void ShouldShow(string place) => Places.ShouldContain(shown => string.Equals(shown, place, StringComparison.Ordinal), place);

    private DeploymentStory Advance()
    {
        Take(RolloutDecider.Advance(State, Sight, Sample.Range));

        // One more step follows at most: a runner that has no assignment says at once that what has just begun to retire is gone.
        Take(RolloutDecider.Advance(State, Sight, Sample.Range));
        RolloutDecider.Advance(State, Sight, Sample.Range).Events.ShouldBeEmpty("another look at the same world brings nothing more");
        return this;
    }

    private Decision Take(Decision decision)
    {
        Journal.AddRange(decision.Events);
        State = decision.Events.Aggregate(State, DeploymentEvolution.Apply);
        return decision;
    }
}
