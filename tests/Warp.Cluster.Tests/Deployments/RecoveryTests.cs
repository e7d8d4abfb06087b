using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>An older journal was restored: a runner works from a later version than the journal has.</summary>
public sealed class RecoveryTests
{
    private static readonly ServiceSpec App = Sample.Service("app");
    private static readonly ServiceSpec App2 = App with { Image = "image:2" };
    private static readonly ServiceSpec Cache = Sample.Service("cache");

    [Fact]
    public void The_deployment_goes_on_as_its_runner_knows_it_and_nothing_that_runs_is_replaced()
    {
        var before = Running(App);
        var (restored, after) = (Copy(before), before.Deploy(App2, Cache).Settle());
        after.Places.ShouldBe(["app#0@2 r1", "cache#0@1 r1"], ignoreOrder: true);

        var story = restored.Recover(Held(after));

        story.Settle().Places.ShouldBe(after.Places, ignoreOrder: true);
        story.State.Spec!.Services.Select(service => service.Image).ShouldBe(["image:2", "image:1"]);
        story.State.Services.Select(service => service.IstAddress).ShouldBe(after.State.Services.Select(service => service.IstAddress));
        story.View.Rollout.ShouldBe(RolloutState.Completed);
        RevisionHistory.View(story.State).Revisions[0].Reason.ShouldStartWith("taken over from the runner r1");
    }

    [Fact]
    public void Versions_and_generations_go_on_above_everything_that_was_given()
    {
        var before = Running(App);
        var (restored, after) = (Copy(before), before.Deploy(App2).Settle().Change(new RestartServices(null)).Settle());

        var story = restored.Recover(Held(after));

        story.State.Version.ShouldBeGreaterThan(after.State.Version);
        story.Deploy(App with { Image = "image:3" }).Settle().Places.ShouldBe(["app#0@4 r1"]);
    }

    [Fact]
    public void A_rollout_that_was_under_way_goes_on_where_it_was()
    {
        var before = Running(App);
        var (restored, after) = (Copy(before), before.Deploy(App2));
        after.Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Starting"]);

        var story = restored.Recover(Held(after));

        story.Places.ShouldBe(after.Places);
        var told = DeploymentPlan.Assignment(story.State).Services.Single();
        told.Placements.Select(placement => placement.FormerSpec).ShouldBe([true, false]);
        told.FormerSpec?.Image.ShouldBe("image:1");
        story.Settle().Places.ShouldBe(["app#0@2 r1"]);
    }

    [Fact]
    public void A_service_that_was_leaving_leaves_and_does_not_come_back()
    {
        var before = Running(App, Cache);
        var (restored, after) = (Copy(before), before.Deploy(App));
        after.ShouldShow("cache#0@1 r2 Retiring");

        var story = restored.Recover(Held(after));

        story.ShouldShow("cache#0@1 r2 Retiring");
        story.Settle().Places.ShouldBe(["app#0@1 r1"]);
    }

    [Fact]
    public void A_deployment_that_the_journal_has_never_heard_of_is_taken_over_too()
    {
        var after = Running(App, Cache);

        var story = new DeploymentStory(Sample.R1, Sample.R2).Recover(Held(after));

        story.State.Revision.ShouldBe(1);
        story.Settle().Places.ShouldBe(after.Places);
        story.View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void A_wish_that_was_accepted_after_the_restore_is_carried_out_from_what_runs()
    {
        var before = Running(App);
        var (restored, after) = (Copy(before), before.Deploy(App2).Settle());

        var story = restored.Deploy(App with { Image = "image:new" }).Recover(Held(after), wishIsNewer: true);

        story.Places.ShouldBe(["app#0@2 r1", "app#0@3 r1 Starting"]);
        story.Settle().Places.ShouldBe(["app#0@3 r1"]);
        story.State.Spec!.Services[0].Image.ShouldBe("image:new");
    }

    [Fact]
    public void A_removal_that_was_accepted_after_the_restore_removes_what_runs()
    {
        var before = Running(App);
        var (restored, after) = (Copy(before), before.Deploy(App2, Cache).Settle());
        restored.Wish(new RemoveDeployment(Sample.Shop)).Refusal.ShouldBeNull();

        var story = restored.Recover(Held(after), wishIsNewer: true);

        story.State.Removing.ShouldBeTrue();
        DeploymentPlan.Assignment(story.State).ShouldSatisfyAllConditions(
            told => told.Removed.ShouldBeTrue(),
            told => told.Version.ShouldBeGreaterThan(after.State.Version));
    }

    [Fact]
    public void What_is_not_later_or_is_a_removal_is_not_taken_over()
    {
        var story = Running(App);
        var held = Held(story);
        Decide(story, held).Events.ShouldBeEmpty();
        Decide(story, held with { AssignmentVersion = held.AssignmentVersion + 5, Held = held.Held! with { Version = held.AssignmentVersion + 5, Removed = true, Services = [] } }).Events.ShouldBeEmpty();
        Decide(story, held with { AssignmentVersion = held.AssignmentVersion + 5, Held = null }).Events.ShouldBeEmpty();
    }

    private static Decision Decide(DeploymentStory story, RunnerReport report) => RecoveryDecider.Recover(story.State, report, story.Sight, Sample.Range, wishIsNewer: false);

    private static RunnerReport Held(DeploymentStory story)
    {
        var held = DeploymentPlan.Assignment(story.State);
        return Sample.Done(held, Sample.R1) with { Held = held };
    }

    /// <summary>As the journal was at this moment.</summary>
    private static DeploymentStory Copy(DeploymentStory story) => new DeploymentStory(Sample.R1, Sample.R2).Replay(story.Journal);

    private static DeploymentStory Running(params ServiceSpec[] services) => new DeploymentStory(Sample.R1, Sample.R2).Deploy(services).Settle();
}
