using Akka.Actor;
using Akka.TestKit;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class DeploymentActorRolloutTests : DeploymentActorTestKit
{
    private static readonly ServiceSpec App = Sample.Service("app", runner: Sample.R1) with { Port = 80 };
    private static readonly ServiceSpec App2 = App with { Image = "image:2" };

    [Fact]
    public async Task A_change_goes_through_its_roles_as_the_runner_reports_and_the_catalog_sees_it_complete()
    {
        var actor = await DeployedAsync();
        var ends = Ends();
        actor.Tell(new ApplyDeployment(Sample.Spec(App2)));
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        var starting = await AssignedAsync(PlacementRole.Serving, PlacementRole.Starting);
        starting.Services[0].FormerSpec?.Image.ShouldBe("image:1");
        actor.Tell(Sample.Done(starting, Sample.R1), R1);
        actor.Tell(Sample.Done(await AssignedAsync(PlacementRole.Draining, PlacementRole.Serving), Sample.R1), R1);
        actor.Tell(Sample.Done(await AssignedAsync(PlacementRole.Retiring, PlacementRole.Serving), Sample.R1), R1);
        await AssignedAsync(PlacementRole.Serving);
        await Catalog.FishForMessageAsync<AnnounceDeployment>(announced => announced.View is { Revision: 2, Rollout: RolloutState.Completed }, Patience);
        Sqlite.Events("deployment/shop", "ev.completed:1").ShouldBe(2);
        var ended = await ends.FishForMessageAsync<RolloutEnded>(one => one.Revision == 2, Patience);
        (ended.Deployment, ended.Revision, ended.Completed).ShouldBe((Sample.Shop, 2, true));
    }

    [Fact]
    public async Task A_rollout_that_misses_its_time_is_rolled_back_when_nobody_reports_any_more()
    {
        var clock = new TestClock();
        var actor = await DeployedAsync(settings => settings with { Clock = clock, AdvanceEvery = TimeSpan.FromMilliseconds(50) });
        actor.Tell(new ChangeDeployment(Sample.Shop, new RestartServices(null)));
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        var ends = Ends();
        var starting = await AssignedAsync(PlacementRole.Serving, PlacementRole.Starting);
        var report = Sample.Done(starting, Sample.R1);
        actor.Tell(report with { Instances = report.Instances.SetItem(1, report.Instances[1] with { Health = InstanceHealth.Starting, Cause = "connection refused" }) }, R1);
        await Catalog.FishForMessageAsync<AnnounceDeployment>(announced => string.Equals(announced.View.Outcome, "app on r1: connection refused", StringComparison.Ordinal), Patience);
        clock.Forward(TimeSpan.FromSeconds(61));
        (await AssignedAsync(PlacementRole.Serving, PlacementRole.Retiring)).Services[0].Placements[0].Generation.ShouldBe(1);
        actor.Tell(new GetDeploymentHistory(Sample.Shop));
        (await ExpectMsgAsync<DeploymentHistory>(Patience)).Revisions.Select(revision => revision.Reason)
            .ShouldBe(["rolled back by itself from 2 to 1: app on r1 was not ready within 60 s: connection refused", "restart", "deploy"]);
        var ended = await ends.ExpectMsgAsync<RolloutEnded>(Patience);
        (ended.Revision, ended.Completed, ended.EndedAt - ended.AcceptedAt).ShouldBe((2, false, TimeSpan.FromSeconds(61)));
    }

    [Fact]
    public async Task Two_writers_cannot_overwrite_each_other_and_a_repeated_request_is_answered_as_before()
    {
        var actor = await DeployedAsync();
        var scale = new ChangeDeployment(Sample.Shop, new ScaleService(App.Name, 2), ExpectedRevision: 1, RequestId: "a");
        actor.Tell(scale);
        (await ExpectMsgAsync<DeploymentAccepted>(Patience)).ShouldSatisfyAllConditions(accepted => accepted.Revision.ShouldBe(2), accepted => accepted.Changed.ShouldBeTrue());
        actor.Tell(scale with { RequestId = "b" });
        (await ExpectMsgAsync<DeploymentConflict>(Patience)).Revision.ShouldBe(2);

        await StopAsync(actor);
        (actor, _) = Start();
        actor.Tell(scale);
        (await ExpectMsgAsync<DeploymentAccepted>(Patience)).ShouldSatisfyAllConditions(accepted => accepted.Revision.ShouldBe(2), accepted => accepted.Changed.ShouldBeFalse());
        Sqlite.Events("deployment/shop", "ev.applied:1").ShouldBe(2);
    }

    [Fact]
    public async Task A_plan_says_what_would_change_and_nothing_changes()
    {
        var actor = await DeployedAsync();
        actor.Tell(new PlanDeployment(Sample.Spec(App2)));
        var planned = (await ExpectMsgAsync<DeploymentPlanned>(Patience)).Services.ShouldHaveSingleItem();
        (planned.Action, planned.Reasons.Single(), planned.Runners.Single()).ShouldBe((PlannedAction.Replace, "image: image:1 -> image:2", Sample.R1));
        Sqlite.Events("deployment/shop", "ev.applied:1").ShouldBe(1);
    }

    [Fact]
    public async Task Public_routes_go_to_every_runner_when_they_change_to_new_ones_and_again_after_a_time()
    {
        var (actor, _) = Start([Sample.R1], settings => settings with { AnnounceEvery = TimeSpan.FromMilliseconds(300) });
        actor.Tell(new ApplyDeployment(Sample.Spec(App)));
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        var routes = await RoutesAsync(R1, routes => routes.Services.Length == 1);
        (routes.Services[0].Port, routes.Services[0].Placements.Single()).ShouldBe((80, new PublicPlacement(0, 1, Sample.R1)));
        await RoutesAsync(R1, again => again.Services.Length == 1);

        Sys.EventStream.Publish(Known(Sample.R1, Sample.R2));
        await RoutesAsync(R2, told => told.Services.Length == 1);
        actor.Tell(new RemoveDeployment(Sample.Shop));
        await ExpectMsgAsync<DeploymentRemoving>(Patience);
        (await RoutesAsync(R2, told => told.Services.IsEmpty)).Version.ShouldBeGreaterThan(routes.Version);
    }

    private static async Task<PublicRoutes> RoutesAsync(TestProbe runner, Predicate<PublicRoutes> wanted) => await runner.FishForMessageAsync(wanted, Patience);

    // What is told to whoever counts.
    private TestProbe Ends()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe, typeof(RolloutEnded));
        return probe;
    }

    private async Task<IActorRef> DeployedAsync(Func<DeploymentActorSettings, DeploymentActorSettings>? configure = null)
    {
        var (actor, _) = Start([Sample.R1], configure);
        actor.Tell(new ApplyDeployment(Sample.Spec(App)));
        await ExpectMsgAsync<DeploymentAccepted>(Patience);
        actor.Tell(Sample.Done(await AssignedAsync(PlacementRole.Serving), Sample.R1), R1);
        return actor;
    }

    private async Task<Assignment> AssignedAsync(params PlacementRole[] roles) => await R1.FishForMessageAsync<Assignment>(
        assignment => assignment.Services.Single().Placements.Select(placement => placement.Role).SequenceEqual(roles), Patience);
}
