using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class RolloutFailureTests
{
    private static readonly ServiceSpec App = Sample.Service("app") with { Public = false };
    private static readonly ServiceSpec App2 = App with { Image = "image:2" };
    private static readonly ServiceSpec Slow = App2 with { Health = new HealthCheck(HealthCheckKind.Tcp, StartSeconds: 20) };

    [Fact]
    public void An_instance_that_is_not_ready_in_time_is_given_up_for_the_revision_before()
    {
        var story = Running().Deploy(Slow).Report(Sample.R1, Starting).Forward(TimeSpan.FromSeconds(19)).Report(Sample.R1, Starting);
        story.State.Revision.ShouldBe(2);
        story.Forward(TimeSpan.FromSeconds(1));
        (story.State.Revision, story.State.Spec!.Services[0].Image).ShouldBe((3, "image:1"));
        story.Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Retiring"]);
        (story.View.Rollout, story.View.Outcome).ShouldBe((RolloutState.Progressing, "app on r1 was not ready within 20 s: connection refused"));

        story.Settle().Places.ShouldBe(["app#0@1 r1"]);
        (story.View.Rollout, story.View.Outcome).ShouldBe((RolloutState.RolledBack, "app on r1 was not ready within 20 s: connection refused"));
        RevisionHistory.View(story.State).Revisions[0].Reason.ShouldBe("rolled back by itself from 2 to 1: app on r1 was not ready within 20 s: connection refused");
        story.Deploy(App2).Settle().View.Outcome.ShouldBeNull();
    }

    [Fact]
    public void The_time_counts_from_the_start_of_the_container_and_not_from_the_pull()
    {
        var story = Running().Deploy(Slow).Report(Sample.R1, observed => Starting(observed) is { Instance.Generation: 2 } fresh ? fresh with { Phase = InstancePhase.Pulling } : observed);
        story.Forward(TimeSpan.FromHours(1)).Report(Sample.R1, Starting).Forward(TimeSpan.FromSeconds(19)).State.Revision.ShouldBe(2);
    }

    [Fact]
    public void A_container_that_ends_three_times_has_failed()
    {
        var story = Running().Deploy(App2).Report(Sample.R1, Ended(1));
        story.State.Revision.ShouldBe(2);
        story.Report(Sample.R1, Ended(2)).State.Failure.ShouldBe("app on r1 ended 3 times: exit code 1");
    }

    [Fact]
    public void A_container_that_cannot_be_made_has_failed_when_the_next_tries_failed_too()
    {
        var story = Running().Deploy(App2).Report(Sample.R1, Unmakeable);
        story.State.Revision.ShouldBe(2);
        story.Forward(TimeSpan.FromSeconds(15)).State.Failure.ShouldBe("app on r1 cannot be made: no such image");
    }

    [Fact]
    public void Without_a_revision_that_was_serving_before_it_goes_on_trying()
    {
        var story = new DeploymentStory(Sample.R1).Deploy(App).Deploy(App2).Report(Sample.R1, Unmakeable).Forward(TimeSpan.FromMinutes(5));
        (story.State.Revision, story.View.Rollout).ShouldBe((2, RolloutState.Progressing));
        story.Settle().View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void A_revision_that_was_taken_up_again_and_fails_itself_is_not_given_up()
    {
        var story = Running().Deploy(App2).Report(Sample.R1).Report(Sample.R1).Report(Sample.R1, Ended(0)).Settle();
        story.Deploy(App2 with { Replicas = 2 }).Change(new RestartServices(null));
        story.Report(Sample.R1, Ended(2)).State.Failure.ShouldNotBeNull();
        var revision = story.State.Revision;
        story.Report(Sample.R1, Ended(5)).Forward(TimeSpan.FromMinutes(10)).Report(Sample.R1, Ended(9)).State.Revision.ShouldBe(revision);
    }

    [Fact]
    public void A_restart_that_fails_leaves_what_serves_alone()
    {
        var story = Running().Change(new RestartServices(null));
        story.Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Starting"]);
        story.Report(Sample.R1, Ended(2)).Places.ShouldBe(["app#0@1 r1", "app#0@2 r1 Retiring"]);
        story.Settle().View.Rollout.ShouldBe(RolloutState.RolledBack);
    }

    [Fact]
    public void A_service_that_stops_first_gets_its_former_spec_back()
    {
        var db = App with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] };
        var story = new DeploymentStory().Know(Sample.Runner(Sample.R1, volumes: ["data"])).Deploy(db).Settle().Deploy(db with { Image = "image:2" });
        story.Report(Sample.R1, Ended(2)).Places.ShouldBe(["app#0@2 r1 Retiring", "app#0@3 r1 Starting"]);
        story.Settle().Places.ShouldBe(["app#0@3 r1"]);
        (story.View.Rollout, story.View.Services[0].Image).ShouldBe((RolloutState.RolledBack, "image:1"));
    }

    private static DeploymentStory Running() => new DeploymentStory(Sample.R1).Deploy(App).Settle();

    private static InstanceObserved Starting(InstanceObserved observed) =>
        observed.Instance.Generation == 1 ? observed : observed with { Health = InstanceHealth.Starting, Cause = "connection refused" };

    private static InstanceObserved Unmakeable(InstanceObserved observed) =>
        observed.Instance.Generation == 1 ? observed : observed with { Phase = InstancePhase.BackingOff, ContainerId = null, Cause = "no such image" };

    private static Func<InstanceObserved, InstanceObserved> Ended(int restarts) => observed =>
        observed.Instance.Generation == 1 ? observed : observed with { Phase = InstancePhase.BackingOff, Restarts = restarts, Cause = "exit code 1" };
}
