using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>What a deployment does when a runner of it is away for longer than the grace, and comes back.</summary>
public sealed class LostRunnerTests
{
    private static readonly ServiceSpec App = Sample.Service("app");
    private static readonly ServiceSpec Stateful = App with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] };

    [Fact]
    public void What_is_bound_to_nothing_goes_elsewhere_after_the_grace_and_not_before()
    {
        var story = Running(App).Know(Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2));
        story.Forward(TimeSpan.FromHours(1)).Places.ShouldBe(["app#0@1 r1"]);

        story.Lost(Sample.R1, Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2));

        story.Places.ShouldBe(["app#0@1 r1 Retiring", "app#0@2 r2"]);
        story.Settle().View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void A_runner_that_comes_back_late_stops_its_copy_and_nothing_goes_back()
    {
        var story = Running(App).Lost(Sample.R1, Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2)).Settle();

        story.Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2)).Settle();

        story.Places.ShouldBe(["app#0@2 r2"]);
        story.State.Runners.ShouldBe([Sample.R2]);
    }

    [Fact]
    public void What_is_bound_to_the_runner_or_its_volumes_stays_and_says_why()
    {
        foreach (var (bound, why) in new[] { (App with { Runner = Sample.R1 }, "bound to it"), (Stateful, "the volume 'data'") })
        {
            var story = Running(bound).Lost(
                Sample.R1, Sample.Runner(Sample.R1, reachable: false, volumes: ["data"]), Sample.Runner(Sample.R2, volumes: ["data"]));

            story.Places.ShouldBe(["app#0@1 r1"]);
            LossRule.WhyStays(bound, Sample.R1, story.Directory).ShouldNotBeNull().ShouldContain(why);
        }
    }

    [Fact]
    public void Nothing_goes_while_most_runners_are_away_because_then_it_is_the_control_node_that_is_cut_off()
    {
        var r3 = RunnerId.Parse("r3");
        var story = Running(App).Lost(Sample.R1, Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2), Sample.Runner(r3, reachable: false));

        story.Places.ShouldBe(["app#0@1 r1"]);
        LossRule.WhyStays(App, Sample.R1, story.Directory).ShouldNotBeNull().ShouldContain("most runners cannot be reached");
    }

    [Fact]
    public void What_nobody_can_take_stays_and_says_why_until_somebody_can()
    {
        var story = Running(App).Lost(Sample.R1, Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2, engine: false));
        story.Places.ShouldBe(["app#0@1 r1"]);
        LossRule.WhyStays(App, Sample.R1, story.Directory).ShouldNotBeNull().ShouldContain("r2 has no container engine that answers");

        story.Lost(Sample.R1, Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2)).ShouldShow("app#0@2 r2");
    }

    [Fact]
    public void A_rollout_that_waits_for_a_lost_runner_goes_on_elsewhere()
    {
        var story = Running(App).Deploy(App with { Image = "image:2" });
        story.ShouldShow("app#0@2 r1 Starting");

        story.Lost(Sample.R1, Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2)).Settle();

        story.ShouldShow("app#0@3 r2");
        story.Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2)).Settle().Places.ShouldBe(["app#0@3 r2"]);
    }

    [Fact]
    public void A_runner_that_this_control_node_never_heard_of_is_waited_for_as_long_as_one_that_it_did()
    {
        var story = Running(App).Know(Sample.Runner(Sample.R2));
        story.Places.ShouldBe(["app#0@1 r1"]);

        story.Waited(Sample.Runner(Sample.R2)).ShouldShow("app#0@2 r2");
    }

    private static DeploymentStory Running(ServiceSpec service) =>
        new DeploymentStory(Sample.R1, Sample.R2).Know(Sample.Runner(Sample.R1, volumes: ["data"]), Sample.Runner(Sample.R2, volumes: ["data"])).Deploy(service).Settle();
}
