using Akka.Actor;
using Akka.Cluster.Sharding;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class DeploymentActorTests : DeploymentActorTestKit
{
    public DeploymentActorTests() => IgnorePublicRoutes();

    [Fact]
    public async Task An_accepted_wish_is_in_the_journal_and_both_runners_are_told_the_same()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        var accepted = await ExpectMsgAsync<DeploymentAccepted>(Patience);
        (accepted.Revision, accepted.Changed, accepted.View.Services.Length).ShouldBe((1, true, 2));
        Sqlite.Events("deployment/shop", "ev.applied:1").ShouldBe(1);

        var first = await R1.ExpectMsgAsync<Assignment>(Patience);
        var second = await R2.ExpectMsgAsync<Assignment>(Patience);
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
        Sqlite.Events("deployment/shop", "%").ShouldBe(0);
    }

    [Fact]
    public async Task A_deployment_comes_back_from_the_journal_and_goes_on()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        await StopAsync(actor);

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
        var assignment = await R1.ExpectMsgAsync<Assignment>(Patience);

        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 1, []), R1);
        (await R1.ExpectMsgAsync<Assignment>(Patience)).Version.ShouldBe(assignment.Version);
        actor.Tell(Sample.Done(assignment, Sample.R1), R1);
        await Catalog.FishForMessageAsync<AnnounceDeployment>(
            announced => announced.View.Services[0] is { Port: 5432 } app && app.Instances.Single() is { RunnerReachable: true, Observed.Phase: InstancePhase.Running }, Patience);
        await R1.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_runner_that_does_not_report_is_told_again()
    {
        var (actor, _) = Start(configure: settings => settings with { ReconcileEvery = TimeSpan.FromMilliseconds(200) });
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        await R1.ExpectMsgAsync<Assignment>(Patience);
        await R1.ExpectMsgAsync<Assignment>(Patience);
        await R1.ExpectMsgAsync<Assignment>(Patience);
    }

    [Fact]
    public async Task A_service_waits_with_a_reason_and_is_placed_when_a_runner_appears()
    {
        var (actor, _) = Start([]);
        actor.Tell(Wish());
        (await ExpectMsgAsync<DeploymentAccepted>(Patience)).View.Services[0].Waiting.ShouldNotBeNull().ShouldContain("none has reported");
        Sys.EventStream.Publish(Known(Sample.R1));
        (await R1.ExpectMsgAsync<Assignment>(Patience)).Services.ShouldAllBe(service => service.Placements.Single().Runner == Sample.R1);
    }

    [Fact]
    public async Task A_removal_ends_when_every_runner_is_empty_and_the_name_can_be_used_again()
    {
        var (actor, parent) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentRemoving>(Patience);
        await R1.ExpectMsgAsync<Assignment>(Patience);
        var removal = await R1.ExpectMsgAsync<Assignment>(Patience);
        removal.Removed.ShouldBeTrue();

        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, removal.Version, []), R1);
        actor.Tell(new GetDeployment(Sample.Shop));
        (await ExpectMsgAsync<DeploymentView>(Patience)).Removing.ShouldBeTrue();
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R2, removal.Version, []), R2);
        await parent.ExpectMsgAsync<Passivate>(Patience);
        await Catalog.FishForMessageAsync<ForgetDeployment>(_ => true, Patience);
        actor.Tell(new GetDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentNotFound>(Patience);

        actor.Tell(Wish());
        var accepted = await ExpectMsgAsync<DeploymentAccepted>(Patience);
        accepted.Revision.ShouldBe(2);
        accepted.View.Services.Select(s => (s.IstAddress.ToString(), s.Instances.Single().Generation)).ShouldBe([("10.201.0.1", 2), ("10.201.0.2", 2)]);
        (await R1.ExpectMsgAsync<Assignment>(Patience)).Version.ShouldBeGreaterThan(removal.Version);
    }

    [Fact]
    public async Task A_runner_that_comes_late_after_a_removal_is_told_of_it()
    {
        var (actor, parent) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentRemoving>(Patience);
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 0, []), R1);
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R2, 0, []), R2);
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
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 7, [Sample.Running(new InstanceId(Sample.Shop, Sample.Name("app"), 0, 3))]), R1);
        await R1.ExpectMsgAsync<DeploymentUnknown>(Patience);
        await parent.ExpectMsgAsync<Passivate>(Patience);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentNotFound>(Patience);
    }

    [Fact]
    public async Task A_runner_that_is_ahead_of_a_restored_journal_is_asked_for_what_it_holds_and_is_taken_at_its_word()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        var known = await R1.ExpectMsgAsync<Assignment>(Patience);
        await StopAsync(actor);
        var held = known with { Version = 57, Services = [.. known.Services.Select(service => service with { Placements = [.. service.Placements.Select(placed => placed with { Generation = 9 })] })] };
        var report = Sample.Done(held, Sample.R1);

        var (restored, _) = Start();
        restored.Tell(report, R1);
        (await R1.ExpectMsgAsync<Assignment>(Patience)).Version.ShouldBe(known.Version);
        restored.Tell(report, R1);
        restored.Tell(report with { Held = held }, R1);

        var next = await R1.ExpectMsgAsync<Assignment>(Patience);
        next.Version.ShouldBeGreaterThan(57);
        next.Services.SelectMany(service => service.Placements).ShouldAllBe(placed => placed.Generation == 9);
    }

    [Fact]
    public async Task A_runner_that_stays_ahead_is_asked_again()
    {
        var (actor, _) = Start(configure: settings => settings with { ReconcileEvery = TimeSpan.FromMilliseconds(200) });
        actor.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app", runner: Sample.R1))));
        await ExpectMsgAsync<DeploymentAccepted>(Patience);

        // It has no part as far as this journal knows.
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R2, 57, []), R2);

        for (var asked = 0; asked < 3; asked++)
        {
            await R2.ExpectMsgAsync<Assignment>(Patience);
        }
    }

    [Fact]
    public async Task A_deployment_that_the_journal_does_not_know_is_taken_over_with_all_that_its_runner_was_told()
    {
        var (first, _) = Start();
        first.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        var held = await R1.ExpectMsgAsync<Assignment>(Patience);
        await StopAsync(first);
        Sqlite.Forget();

        var (actor, _) = Start();
        actor.Tell(Sample.Done(held, Sample.R1), R1);
        await R1.ExpectMsgAsync<DeploymentUnknown>(Patience);
        actor.Tell(Sample.Done(held, Sample.R1) with { Held = held }, R1);
        (await R1.ExpectMsgAsync<Assignment>(Patience)).Version.ShouldBeGreaterThan(held.Version);

        actor.Tell(new GetDeployment(Sample.Shop));
        (await ExpectMsgAsync<DeploymentView>(Patience)).Services.Select(service => service.Instances.Single().Generation).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Snapshots_are_kept_and_read()
    {
        var (actor, _) = Start(configure: settings => settings with { SnapshotEvery = 4 });
        for (var i = 1; i <= 5; i++)
        {
            actor.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app", $"image:{i}"))));
            await ExpectMsgAsync<DeploymentAccepted>(Patience);
        }

        // An actor that is stopped between writing one and deleting the one before leaves both; the next one deletes them.
        await AwaitConditionAsync(() => Task.FromResult(Sqlite.Snapshots("deployment/shop") == 1), Patience);

        await StopAsync(actor);

        var (again, _) = Start();
        again.Tell(new GetDeployment(Sample.Shop));
        var view = await ExpectMsgAsync<DeploymentView>(Patience);
        (view.Revision, view.Services.Single().Image, view.Services.Single().Instances[^1].Generation).ShouldBe((5, "image:5", 5));
    }

    [Fact]
    public async Task What_a_snapshot_replaces_is_deleted_from_the_journal()
    {
        var (actor, _) = Start(configure: settings => settings with { SnapshotEvery = 4 });
        for (var i = 1; i <= 20; i++)
        {
            actor.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app", $"image:{i}"))));
            await ExpectMsgAsync<DeploymentAccepted>(Patience);
        }

        // Two events for each wish; what came after the last snapshot stays, and the plugin keeps the last one that it deleted as the mark of its number.
        await AwaitConditionAsync(() => Task.FromResult(Sqlite.Events("deployment/shop", "%") <= 4 && Sqlite.Snapshots("deployment/shop") == 1), Patience);
    }

    [Fact]
    public async Task A_removed_deployment_leaves_two_rows_and_its_name_goes_on_where_it_was()
    {
        var (actor, parent) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        await RemoveAsync(actor);
        await parent.ExpectMsgAsync<Passivate>(Patience);
        (Sqlite.Events("deployment/shop", "%"), Sqlite.Snapshots("deployment/shop")).ShouldBe((1, 1));

        await StopAsync(actor);
        var (again, _) = Start();
        again.Tell(Wish());
        var view = (await ExpectMsgAsync<DeploymentAccepted>(Patience)).View;
        (view.Revision, view.Services[0].Instances[^1].Generation, view.Services[0].IstAddress.ToString()).ShouldBe((2, 2, "10.201.0.1"));
    }

    [Fact]
    public async Task A_removal_whose_snapshot_was_not_written_any_more_is_compacted_at_the_next_start()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        Sqlite.RefuseSnapshots();
        await RemoveAsync(actor);
        await AwaitConditionAsync(() => Task.FromResult(Sqlite.Events("deployment/shop", "ev.removed:1") == 1), Patience);
        await StopAsync(actor);
        Sqlite.TakeSnapshots();

        var (again, _) = Start();
        await AwaitConditionAsync(() => Task.FromResult((Sqlite.Events("deployment/shop", "%"), Sqlite.Snapshots("deployment/shop")) == (1, 1)), Patience);
        again.Tell(new GetDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentNotFound>(Patience);
    }

    [Fact]
    public async Task A_wish_that_the_journal_does_not_take_is_refused_and_the_actor_ends_to_start_anew()
    {
        var (actor, _) = Start();
        actor.Tell(Wish());
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        Sqlite.Break();
        Watch(actor);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        (await ExpectMsgAsync<DeploymentRejected>(Patience)).Problems.ShouldHaveSingleItem().Message.ShouldContain("did not take the change");
        await ExpectTerminatedAsync(actor, Patience);
    }

    private async Task RemoveAsync(IActorRef actor)
    {
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentRemoving>(Patience);
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R1, 3, []), R1);
        actor.Tell(new RunnerReport(Sample.Shop, Sample.R2, 3, []), R2);
    }

    private static ApplyDeployment Wish() => new(Sample.Spec(Sample.Service("app"), Sample.Service("db")));
}
