using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class DeploymentActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporarySqlite _sqlite;
    private readonly TestProbe _directory;
    private readonly TestProbe _catalog;
    private readonly TestProbe _r1;
    private readonly TestProbe _r2;

    public DeploymentActorTests()
        : this(new TemporarySqlite())
    {
    }

    private DeploymentActorTests(TemporarySqlite sqlite)
        : base(sqlite.WithoutCluster)
    {
        _sqlite = sqlite;
        (_directory, _catalog, _r1, _r2) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        foreach (var runner in new[] { _r1, _r2 })
        {
            runner.IgnoreMessages(message => message is PublicRoutes);
        }
    }

    [Fact]
    public async Task An_accepted_wish_is_in_the_journal_and_both_runners_are_told_the_same()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        var accepted = await ExpectMsgAsync<DeploymentAccepted>(Patience);
        (accepted.Revision, accepted.Changed, accepted.View.Services.Length).ShouldBe((1, true, 2));
        _sqlite.Events("deployment/shop", "ev.applied:1").ShouldBe(1);

        var first = await _r1.ExpectMsgAsync<Assignment>(Patience);
        var second = await _r2.ExpectMsgAsync<Assignment>(Patience);
        (first.Version, second.Version).ShouldBe((2, 2));
        first.Services.Select(s => (s.Spec.Name.Value, s.IstAddress.ToString(), s.Placements.Single().Runner.Value))
            .ShouldBe([("app", "10.201.0.1", "r1"), ("db", "10.201.0.2", "r2")]);

        actor.Tell(Wish());
        var again = await ExpectMsgAsync<DeploymentAccepted>(Patience);
        (again.Revision, again.Changed).ShouldBe((1, false));
    }

    [Fact]
    public async Task A_refused_wish_changes_nothing()
    {
        var (actor, parent) = Start();
        actor.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app", runner: RunnerId.Parse("r9")))));
        (await ExpectMsgAsync<DeploymentRejected>(Patience)).Problems.ShouldHaveSingleItem().Field.ShouldBe("services[0].runner");
        await parent.ExpectMsgAsync<Passivate>(Patience);
        _sqlite.Events("deployment/shop", "%").ShouldBe(0);
    }

    [Fact]
    public async Task A_deployment_comes_back_from_the_journal_and_goes_on()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        Watch(actor);
        actor.Tell(StopDeployment.Instance);
        await ExpectTerminatedAsync(actor, Patience);

        var (again, _) = Start();
        again.Tell(new GetDeployment(Sample.Shop));
        var view = await ExpectMsgAsync<DeploymentView>(Patience);
        view.Services.Select(s => s.IstAddress.ToString()).ShouldBe(["10.201.0.1", "10.201.0.2"]);
        again.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app"), Sample.Service("db", "image:2"))));
        (await ExpectMsgAsync<DeploymentAccepted>(Patience)).View.Services.Select(s => s.Instances[^1].Generation).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_report_of_an_older_version_is_answered_with_the_assignment_and_shows_in_the_view()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        var assignment = await _r1.ExpectMsgAsync<Assignment>(Patience);

        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 1, []), _r1);
        (await _r1.ExpectMsgAsync<Assignment>(Patience)).Version.ShouldBe(assignment.Version);
        actor.Tell(Sample.Done(assignment, Sample.R1), _r1);
        await _catalog.FishForMessageAsync<AnnounceDeployment>(
            announced => announced.View.Services[0] is { Port: 5432 } app && app.Instances.Single() is { RunnerReachable: true, Observed.Phase: InstancePhase.Running }, Patience);
        await _r1.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_runner_that_does_not_report_is_told_again()
    {
        var (actor, _) = Start(TimeSpan.FromMilliseconds(200));
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        await _r1.ExpectMsgAsync<Assignment>(Patience);
        await _r1.ExpectMsgAsync<Assignment>(Patience);
        await _r1.ExpectMsgAsync<Assignment>(Patience);
    }

    [Fact]
    public async Task A_service_waits_with_a_reason_and_is_placed_when_a_runner_appears()
    {
        var (actor, _) = Start(runners: []);
        actor.Tell(Wish());
        (await ExpectMsgAsync<DeploymentAccepted>(Patience)).View.Services[0].Waiting.ShouldNotBeNull().ShouldContain("none has reported");
        Sys.EventStream.Publish(Known(Sample.R1));
        (await _r1.ExpectMsgAsync<Assignment>(Patience)).Services.ShouldAllBe(service => service.Placements.Single().Runner == Sample.R1);
    }

    [Fact]
    public async Task A_removal_ends_when_every_runner_is_empty_and_the_name_can_be_used_again()
    {
        var (actor, parent) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentRemoving>(Patience);
        await _r1.ExpectMsgAsync<Assignment>(Patience);
        var removal = await _r1.ExpectMsgAsync<Assignment>(Patience);
        removal.Removed.ShouldBeTrue();

        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, removal.Version, []), _r1);
        actor.Tell(new GetDeployment(Sample.Shop));
        (await ExpectMsgAsync<DeploymentView>(Patience)).Removing.ShouldBeTrue();
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R2, removal.Version, []), _r2);
        await parent.ExpectMsgAsync<Passivate>(Patience);
        await _catalog.FishForMessageAsync<ForgetDeployment>(_ => true, Patience);
        actor.Tell(new GetDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentNotFound>(Patience);

        actor.Tell(Wish());
        var accepted = await ExpectMsgAsync<DeploymentAccepted>(Patience);
        accepted.Revision.ShouldBe(2);
        accepted.View.Services.Select(s => (s.IstAddress.ToString(), s.Instances.Single().Generation)).ShouldBe([("10.201.0.1", 2), ("10.201.0.2", 2)]);
        (await _r1.ExpectMsgAsync<Assignment>(Patience)).Version.ShouldBeGreaterThan(removal.Version);
    }

    [Fact]
    public async Task A_runner_that_comes_late_after_a_removal_is_told_of_it()
    {
        var (actor, parent) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentRemoving>(Patience);
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 0, []), _r1);
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R2, 0, []), _r2);
        await parent.ExpectMsgAsync<Passivate>(Patience);

        var late = CreateTestProbe();
        var orphan = Sample.Running(new InstanceId(Sample.Shop, Sample.Name("app"), 0, 1));
        actor.Tell(new RunnerReport(Sample.Shop, RunnerId.Parse("r3"), 1, [orphan]), late);
        (await late.ExpectMsgAsync<Assignment>(Patience)).Removed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deployment_that_was_never_wished_has_no_say_about_containers()
    {
        var (actor, parent) = Start();
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 7, [Sample.Running(new InstanceId(Sample.Shop, Sample.Name("app"), 0, 3))]), _r1);
        await _r1.ExpectMsgAsync<DeploymentUnknown>(Patience);
        await parent.ExpectMsgAsync<Passivate>(Patience);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentNotFound>(Patience);
    }

    [Fact]
    public async Task Snapshots_are_kept_and_read()
    {
        var (actor, _) = Start(snapshotEvery: 4);
        for (var i = 1; i <= 5; i++)
        {
            actor.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app", $"image:{i}"))));
            await ExpectMsgAsync<DeploymentAccepted>(Patience);
        }

        // An actor that is stopped between writing one and deleting the one before leaves both; the next one deletes them.
        await AwaitConditionAsync(() => Task.FromResult(_sqlite.Snapshots("deployment/shop") == 1), Patience);

        Watch(actor);
        actor.Tell(StopDeployment.Instance);
        await ExpectTerminatedAsync(actor, Patience);

        var (again, _) = Start();
        again.Tell(new GetDeployment(Sample.Shop));
        var view = await ExpectMsgAsync<DeploymentView>(Patience);
        (view.Revision, view.Services.Single().Image, view.Services.Single().Instances[^1].Generation).ShouldBe((5, "image:5", 5));
    }

    [Fact]
    public async Task A_wish_that_the_journal_does_not_take_is_refused_and_the_actor_ends_to_start_anew()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        _sqlite.Break();
        Watch(actor);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        (await ExpectMsgAsync<DeploymentRejected>(Patience)).Problems.ShouldHaveSingleItem().Message.ShouldContain("did not take the change");
        await ExpectTerminatedAsync(actor, Patience);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _sqlite.Dispose();
    }

    private static ApplyDeployment Wish() => new(Sample.Spec(Sample.Service("app"), Sample.Service("db")));

    private (IActorRef Actor, TestProbe Parent) Start(TimeSpan? reconcileEvery = null, RunnerId[]? runners = null, int snapshotEvery = 50)
    {
        var parent = CreateTestProbe();
        var settings = new DeploymentActorSettings(Sample.Range) { ReconcileEvery = reconcileEvery ?? TimeSpan.FromMinutes(1), SnapshotEvery = snapshotEvery };
        var actor = parent.ChildActorOf(DeploymentActor.Props(Sample.Shop, settings, _directory, _catalog));
        _directory.ExpectMsg<GetRunnerDirectory>(Patience);
        _directory.Reply(Known(runners ?? [Sample.R1, Sample.R2]));
        return (actor, parent);
    }

    private RunnerDirectoryChanged Known(params RunnerId[] runners) => new(
        Sample.Directory([.. runners.Select(runner => Sample.Runner(runner))]),
        runners.ToImmutableDictionary(runner => runner, runner => (IActorRef)(runner == Sample.R1 ? _r1 : _r2)));
}
