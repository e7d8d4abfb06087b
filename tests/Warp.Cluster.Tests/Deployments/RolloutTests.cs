using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class RolloutTests
{
    private static readonly ServiceSpec App = Sample.Service("app") with { Public = false };
    private static readonly ServiceSpec App2 = App with { Image = "image:2" };
    private static readonly ServiceSpec App3 = App with { Image = "image:3" };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_changed_service_starts_beside_the_old_one_which_serves_until_the_new_one_is_ready()
    {
        var story = Running(App).Deploy(App2);
        story.Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Starting"]);
        var told = DeploymentPlan.Assignment(story.State).Services.Single();
        (told.Spec.Image, told.FormerSpec?.Image).ShouldBe(("image:2", "image:1"));
        told.Placements.Select(placement => placement.FormerSpec).ShouldBe([true, false]);

        story.Report(Sample.R1, observed => observed with { Health = InstanceHealth.Starting }).Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Starting"]);
        story.Report(Sample.R1).Places.ShouldBe(["app#0@1 r1 Draining", "app#0@2 r1"]);
        story.Report(Sample.R1).Places.ShouldBe(["app#0@1 r1 Retiring", "app#0@2 r1"]);
        DeploymentPlan.Assignment(story.State).Services.Single().FormerSpec.ShouldBeNull();
        story.View.Rollout.ShouldBe(RolloutState.Progressing);
        story.Report(Sample.R1).Places.ShouldBe(["app#0@2 r1"]);
        (story.View.Rollout, story.View.Outcome).ShouldBe((RolloutState.Completed, null));
    }

    [Fact]
    public void A_service_that_writes_a_volume_is_stopped_first()
    {
        var db = App with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] };
        var story = new DeploymentStory(Sample.R1).Know(Sample.Runner(Sample.R1, volumes: ["data"])).Deploy(db).Settle().Deploy(db with { Image = "image:2" });
        story.Places.ShouldBe(["app#0@1 r1 Retiring", "app#0@2 r1 Starting"]);
        story.Settle().Places.ShouldBe(["app#0@2 r1"]);
        story.View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void Instances_of_a_service_are_replaced_one_after_the_other_and_services_side_by_side()
    {
        var db = Sample.Service("db");
        var story = Running(App with { Replicas = 2 }, db).Deploy(App2 with { Replicas = 2 }, db with { Image = "image:2" });
        story.Places.ShouldBe(["app#0@1 r1", "app#0@3 r1 Starting", "app#1@2 r2", "db#0@1 r1", "db#0@2 r1 Starting"], ignoreOrder: true);
        story.Report(Sample.R1).Places.Where(place => place.StartsWith("app#1", StringComparison.Ordinal)).ShouldBe(["app#1@2 r2", "app#1@4 r2 Starting"]);
        story.Settle().Places.ShouldBe(["app#0@3 r1", "app#1@4 r2", "db#0@2 r1"]);
    }

    [Fact]
    public void A_change_during_a_rollout_replaces_the_one_that_starts_and_the_old_one_goes_on_serving()
    {
        var story = Running(App).Deploy(App2).Deploy(App3);
        story.Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Retiring", "app#0@3 r1 Starting"]);
        DeploymentPlan.Assignment(story.State).Services.Single().FormerSpec?.Image.ShouldBe("image:1");
        story.Settle().Places.ShouldBe(["app#0@3 r1"]);
    }

    [Fact]
    public void Going_back_during_a_rollout_keeps_the_instance_that_serves()
    {
        var story = Running(App).Deploy(App2).Deploy(App);
        story.Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Retiring"]);
        story.Settle().Places.ShouldBe(["app#0@1 r1"]);
        story.View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void The_old_instance_drains_until_every_reachable_runner_knows_the_new_one()
    {
        var story = Running(App, Sample.Service("db", runner: Sample.R2)).Deploy(App2, Sample.Service("db", runner: Sample.R2)).Report(Sample.R1);
        story.Report(Sample.R1).ShouldShow("app#0@1 r1 Draining");
        story.Report(Sample.R2).ShouldShow("app#0@1 r1 Retiring");
    }

    [Fact]
    public void Nobody_waits_longer_than_a_quarter_of_a_minute_for_a_runner_to_know_it_nor_at_all_for_one_that_is_lost()
    {
        ServiceSpec[] first = [App, Sample.Service("db", runner: Sample.R2)], second = [App2, Sample.Service("db", runner: Sample.R2)];
        var silent = Running(first).Deploy(second).Report(Sample.R1).Report(Sample.R1).Forward(14 * Second);
        silent.ShouldShow("app#0@1 r1 Draining");
        silent.Forward(Second).ShouldShow("app#0@1 r1 Retiring");

        var lost = Running(first).Deploy(second).Report(Sample.R1).Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2, reachable: false));
        lost.Report(Sample.R1).ShouldShow("app#0@1 r1 Retiring");
    }

    [Fact]
    public void Runners_without_a_part_are_given_a_moment_to_hear_of_a_public_service()
    {
        Running(App).Deploy(App2).Report(Sample.R1).Report(Sample.R1).ShouldShow("app#0@1 r1 Retiring");
        var shown = Running(App with { Public = true }).Deploy(App2 with { Public = true }).Report(Sample.R1).Report(Sample.R1);
        shown.ShouldShow("app#0@1 r1 Draining");
        shown.Forward(Second).ShouldShow("app#0@1 r1 Retiring");
    }

    [Fact]
    public void Scaling_up_adds_instances_that_serve_and_scaling_down_drains_the_last_ones()
    {
        var story = Running(App).Change(new ScaleService(App.Name, 3));
        story.Places.ShouldBe(["app#0@1 r1", "app#1@2 r2", "app#2@3 r1"]);
        story.Settle().Change(new ScaleService(App.Name, 1)).Report(Sample.R1).ShouldShow("app#1@2 r2 Draining");
        story.Settle().Places.ShouldBe(["app#0@1 r1"]);
    }

    [Fact]
    public void A_moved_service_starts_on_the_other_runner_before_it_leaves_the_first()
    {
        var story = Running(App).Change(new MoveService(App.Name, Sample.R2));
        story.Places.ShouldBe(["app#0@1 r1", "app#0@2 r2 Starting"]);
        story.State.Spec!.Services[0].Runner.ShouldBe(Sample.R2);
        DeploymentPlan.Assignment(story.State).Services[0].Placements.ShouldAllBe(placement => !placement.FormerSpec);
        story.Settle().Places.ShouldBe(["app#0@2 r2"]);
    }

    [Fact]
    public void A_restart_replaces_every_instance_by_one_of_the_same_spec()
    {
        var story = Running(App with { Replicas = 2 }, Sample.Service("db")).Change(new RestartServices(App.Name));
        story.Settle().Places.ShouldBe(["app#0@3 r1", "app#1@4 r2", "db#0@1 r1"]);
        story.Change(new RestartServices(null)).Settle().Places.ShouldBe(["app#0@5 r1", "app#1@6 r2", "db#0@2 r1"]);
    }

    [Fact]
    public void A_service_is_moved_away_from_a_lost_runner_at_once_and_that_runner_is_told_when_it_is_back()
    {
        var story = Running(App).Know(Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2));
        story.Places.ShouldBe(["app#0@1 r1"]);
        story.Change(new MoveService(App.Name, Sample.R2)).Places.ShouldBe(["app#0@1 r1 Retiring", "app#0@2 r2"]);
        story.Settle().View.Rollout.ShouldBe(RolloutState.Completed);
        story.Places.ShouldBe(["app#0@1 r1 Retiring", "app#0@2 r2"]);
        story.Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2)).Settle().Places.ShouldBe(["app#0@2 r2"]);
        story.State.Runners.ShouldBe([Sample.R2]);
    }

    [Fact]
    public void A_rollout_says_what_it_waits_for()
    {
        var story = Running(App).Deploy(App2);
        story.View.Outcome.ShouldBe("app waits for the runner 'r1' to take it up");
        story.Report(Sample.R1, observed => observed with { Phase = InstancePhase.Pulling, Cause = "40 %" });
        story.View.Outcome.ShouldBe("app on r1: 40 %");
        story.Know(Sample.Runner(Sample.R1, reachable: false)).View.Outcome.ShouldNotBeNull().ShouldContain("not reachable");
    }

    [Fact]
    public void A_control_node_that_is_restarted_goes_on_where_it_was() =>
        Running(App).Deploy(App2).Restart().Report(Sample.R1).Restart().Settle().Restart().Places.ShouldBe(["app#0@2 r1"]);

    private static DeploymentStory Running(params ServiceSpec[] services)
    {
        var story = new DeploymentStory(Sample.R1, Sample.R2).Deploy(services).Settle();
        story.View.Rollout.ShouldBe(RolloutState.Completed);
        return story;
    }
}
