using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>What a deployment does when a runner of it is being drained.</summary>
public sealed class DrainedRunnerTests
{
    private static readonly ServiceSpec App = Sample.Service("app");
    private static readonly MakeWay AppsTurn = new(Sample.Shop, Sample.Name("app"), Sample.R2);

    [Fact]
    public void A_service_leaves_as_in_a_move_the_new_instance_is_ready_before_the_old_one_drains()
    {
        var story = OnR2(App).Know(Sample.Runner(Sample.R1), Drained());
        story.Places.ShouldBe(["app#0@1 r2"], "it is not its turn yet");

        story.Turn(AppsTurn).Places.ShouldBe(["app#0@1 r2", "app#0@2 r1 Starting"]);
        story.Turn(AppsTurn).Places.ShouldBe(["app#0@1 r2", "app#0@2 r1 Starting"], "a turn that is given again does nothing twice");
        story.Report(Sample.R1).ShouldShow("app#0@2 r1");
        story.ShouldShow("app#0@1 r2 Draining");

        story.Settle().Places.ShouldBe(["app#0@2 r1"]);
        story.View.Rollout.ShouldBe(RolloutState.Completed);
        story.State.Revision.ShouldBe(1, "nobody wished for anything else");
        story.State.Spec!.Services.Single().Runner.ShouldBeNull("it is not bound to its new runner");
    }

    [Fact]
    public void The_instances_of_a_service_leave_one_after_the_other()
    {
        var story = OnR2(App with { Replicas = 3 }).Know(Sample.Runner(Sample.R1), Drained());
        story.Turn(AppsTurn).Turn(AppsTurn).State.Placements.Count(placed => placed.Placement.Role == PlacementRole.Starting).ShouldBe(1);

        story.Settle().Turn(AppsTurn).Settle().Turn(AppsTurn).Settle();

        story.State.Placements.ShouldAllBe(placed => placed.Placement.Runner == Sample.R1);
    }

    [Fact]
    public void Without_another_runner_that_can_take_it_a_service_stays_and_says_why_until_there_is_one()
    {
        var story = OnR2(App).Know(Sample.Runner(Sample.R1, engine: false), Drained()).Turn(AppsTurn);
        story.Places.ShouldBe(["app#0@1 r2"]);
        Stays(story, "app")!.ShouldContain("r1 has no container engine that answers");

        story.Know(Sample.Runner(Sample.R1), Drained()).Turn(AppsTurn).Settle().Places.ShouldBe(["app#0@2 r1"]);
    }

    [Fact]
    public void A_service_that_is_bound_to_the_runner_stays_and_says_why_and_may_still_be_changed_there()
    {
        var bound = App with { Runner = Sample.R2 };
        var story = OnR2(bound).Know(Sample.Runner(Sample.R1), Drained()).Turn(AppsTurn);
        Stays(story, "app")!.ShouldContain("'warp move'");

        story.Deploy(bound with { Image = "image:2" }).Settle().Places.ShouldBe(["app#0@2 r2"]);
    }

    [Fact]
    public void A_service_stays_where_its_data_is_even_when_another_runner_has_a_volume_of_that_name()
    {
        var db = Sample.Service("db") with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: true)] };
        var story = new DeploymentStory().Know(Sample.Runner(Sample.R2, volumes: "data")).Deploy(db).Settle().Know(Sample.Runner(Sample.R1, volumes: "data"), Drained("data"));

        story.Turn(AppsTurn with { Service = Sample.Name("db") }).Places.ShouldBe(["db#0@1 r2"]);
        Stays(story, "db")!.ShouldContain("the volume 'data'");
    }

    [Fact]
    public void Nothing_new_goes_to_a_drained_runner_and_who_asks_for_it_by_name_is_refused()
    {
        var story = new DeploymentStory().Know(Sample.Runner(Sample.R1, instances: 50), Drained()).Deploy(App).Settle();
        story.Places.ShouldBe(["app#0@1 r1"]);

        story.Wish(new ChangeDeployment(Sample.Shop, new MoveService(Sample.Name("app"), Sample.R2))).Refusal
            .ShouldBeOfType<DeploymentRejected>().Problems.Single().Message.ShouldContain("'warp undrain r2'");
        story.Know(Drained()).Deploy(App, Sample.Service("db")).View.Services[1].Waiting!.ShouldContain("r2 is being drained");
    }

    [Fact]
    public void What_is_deployed_again_while_its_runner_is_drained_is_made_elsewhere_at_once() =>
        OnR2(App).Know(Sample.Runner(Sample.R1), Drained()).Deploy(App with { Image = "image:2" }).Settle().Places.ShouldBe(["app#0@2 r1"]);

    [Fact]
    public void A_runner_that_is_taken_back_keeps_what_has_not_left_and_what_was_begun_elsewhere_goes()
    {
        var story = OnR2(App).Know(Sample.Runner(Sample.R1), Drained()).Turn(AppsTurn);

        story.Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2)).Settle().Places.ShouldBe(["app#0@1 r2"]);
    }

    [Fact]
    public void What_does_not_become_ready_elsewhere_takes_no_revision_back_and_the_old_instance_serves_on()
    {
        var story = OnR2(App).Deploy(App with { Image = "image:2" }).Settle().Know(Sample.Runner(Sample.R1), Drained()).Turn(AppsTurn);

        story.Report(Sample.R1, seen => seen with { Phase = InstancePhase.BackingOff, ContainerId = null, Cause = "no such image" }).Forward(TimeSpan.FromMinutes(5));

        story.State.Revision.ShouldBe(2);
        story.ShouldShow("app#0@2 r2");
        story.ShouldShow("app#0@3 r1 Starting");
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(600, null)]
    public void Its_connections_may_go_on_no_longer_than_the_drains_deadline(int deadline, int? expected)
    {
        var story = OnR2(App).Know(Sample.Runner(Sample.R1), Drained() with { Drain = new RunnerDrain(Sample.R2, deadline, Sample.Noon) }).Turn(AppsTurn).Report(Sample.R1);

        DeploymentPlan.Assignment(story.State).Services.Single().Placements.Single(placement => placement.Runner == Sample.R2).DrainSeconds.ShouldBe(expected);
    }

    private static DeploymentStory OnR2(ServiceSpec service) => new DeploymentStory(Sample.R2).Deploy(service).Settle();

    private static RunnerView Drained(params string[] volumes) => Sample.Runner(Sample.R2, volumes: volumes) with { Drain = new RunnerDrain(Sample.R2, 300, Sample.Noon) };

    private static string? Stays(DeploymentStory story, string service) => story.View.Services.Single(seen => seen.Service == Sample.Name(service)).Instances.Single().Stays;
}
