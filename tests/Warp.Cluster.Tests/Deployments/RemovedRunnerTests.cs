using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>What a deployment does when a runner of it was removed from the cluster for ever.</summary>
public sealed class RemovedRunnerTests
{
    private static readonly ServiceSpec App = Sample.Service("app");

    [Fact]
    public void What_is_bound_to_no_runner_starts_elsewhere_at_once_and_the_lost_placement_is_forgotten()
    {
        var story = new DeploymentStory(Sample.R2).Deploy(App).Settle();

        story.Removed(Sample.R2, Sample.Runner(Sample.R1)).Settle();

        story.Places.ShouldBe(["app#0@2 r1"]);
        story.State.Runners.ShouldBe([Sample.R1]);
        story.View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void What_is_bound_to_the_removed_runner_waits_and_says_what_to_do()
    {
        var story = new DeploymentStory(Sample.R2).Deploy(App with { Runner = Sample.R2 }).Settle();

        story.Removed(Sample.R2, Sample.Runner(Sample.R1)).Settle();

        DeploymentPlan.Assignment(story.State).Services.Single().Placements.ShouldAllBe(placement => placement.Runner == Sample.R2);
        story.Deploy(App with { Runner = Sample.R1 }).Settle().Places.ShouldBe(["app#0@2 r1"]);
    }

    [Fact]
    public void A_removal_that_waits_for_the_removed_runner_comes_to_its_end()
    {
        var story = new DeploymentStory(Sample.R1, Sample.R2).Deploy(App with { Runner = Sample.R1 }, Sample.Service("db", runner: Sample.R2)).Settle();
        story.Wish(new RemoveDeployment(Sample.Shop)).Refusal.ShouldBeNull();
        story.Report(Sample.R1).State.Removing.ShouldBeTrue();

        story.Removed(Sample.R2, Sample.Runner(Sample.R1));

        story.Journal[^1].ShouldBe(new DeploymentRemoved());
    }
}
