using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Specs;
using Warp.Cluster.Tests.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Containers;

public sealed class ContainerActorTests : TestKit
{
    private static readonly RunnerId Runner = RunnerId.Parse("runner-1");
    private static readonly ServiceSpec Spec = new(
        ServiceName.Parse("app"), "registry.example/app:1", PullPolicy.Always, [], ImmutableSortedDictionary<string, string>.Empty, null, null, 7);

    private static readonly ServiceSpec Checked = Spec with { Health = new HealthCheck(HealthCheckKind.Http, IntervalSeconds: 1, Retries: 1) };
    private static readonly ContainerKey Key = new(new InstanceId(DeploymentName.Parse("shop"), Spec.Name, 0, 4), ServiceSpecHash.Of(Spec));
    private readonly FakeEngine _engine = new();
    private readonly ContainerOptions _options = new() { Restart = new BackOff(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(600)), ProgressEvery = TimeSpan.Zero };
    private readonly FakeProbe _probe = new();
    private readonly TestProbe _agent;
    private readonly TestProbe _connections;

    public ContainerActorTests()
        : base("akka { loglevel = WARNING, stdout-loglevel = OFF }")
    {
        _agent = CreateTestProbe();
        _connections = CreateTestProbe();
        _engine.PutNetwork(Key.Instance.Deployment);
    }

    [Fact]
    public void A_new_container_goes_through_its_phases()
    {
        _engine.ExposedPorts = [9000];
        Run(Start());
        Phases(5).ShouldBe([InstancePhase.Pulling, InstancePhase.Pulling, InstancePhase.Creating, InstancePhase.Starting, InstancePhase.Running]);
    }

    [Fact]
    public void What_runs_is_adopted_without_a_call()
    {
        var found = _engine.Put(Key.Instance, Key.SpecHash);
        Run(Start(found));
        var observed = Await(o => o.Phase == InstancePhase.Running);
        observed.ContainerId.ShouldBe(found.ContainerId);
        observed.StartedAt.ShouldBe(found.StartedAt);
        _agent.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        _engine.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_found_ended_is_started_again_and_not_made_again()
    {
        var found = _engine.Put(Key.Instance, Key.SpecHash, running: false);
        Run(Start(found));
        Await(o => o is { Phase: InstancePhase.Running, Restarts: 1 }).ContainerId.ShouldBe(found.ContainerId);
        _engine.CallsOf("create").ShouldBe(0);
    }

    [Fact]
    public void A_kill_from_outside_is_answered_by_a_restart_at_once_and_the_next_one_waits()
    {
        var actor = Start();
        Run(actor);
        var first = Settle();
        var restarts = CreateTestProbe();
        Sys.EventStream.Subscribe(restarts, typeof(ContainerRestarted));

        _engine.Kill(first.ContainerId!);
        actor.Tell(LookAgain.Instance);
        Await(o => o.Cause is { } cause && cause.Contains("signal 9", StringComparison.Ordinal));
        var second = Await(o => o is { Phase: InstancePhase.Running, Restarts: 1 });
        second.ContainerAddress.ShouldNotBe(first.ContainerAddress);
        second.Cause.ShouldBeNull();

        _engine.Kill(first.ContainerId!, exitCode: 1);
        actor.Tell(LookAgain.Instance);
        Await(o => o.Phase == InstancePhase.BackingOff).Cause.ShouldNotBeNull().ShouldContain("exit code 1");
        _agent.ExpectNoMsg(TimeSpan.FromMilliseconds(75));
        Await(o => o is { Phase: InstancePhase.Running, Restarts: 2 });
        _engine.CallsOf("create").ShouldBe(1);
        restarts.ReceiveN(2, TimeSpan.FromSeconds(20)).ShouldAllBe(told => ((ContainerRestarted)told).Instance == first.Instance);
    }

    [Fact]
    public void A_container_that_ends_at_once_is_started_ever_later()
    {
        _engine.EndsAtOnceWith = 3;
        var began = DateTimeOffset.UtcNow;
        Run(Start());
        Await(o => o is { Phase: InstancePhase.BackingOff, Restarts: 3 }).Cause.ShouldNotBeNull().ShouldContain("exit code 3");
        (DateTimeOffset.UtcNow - began).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(150 + 300));
        _engine.EndsAtOnceWith = null;
        Await(o => o.Phase == InstancePhase.Running);
    }

    [Fact]
    public void Running_long_enough_makes_earlier_failures_forgotten()
    {
        var actor = Start(options: _options with { Settled = TimeSpan.FromMilliseconds(50), Restart = new BackOff(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) });
        Run(actor);
        var id = Settle().ContainerId!;
        for (var restarts = 1; restarts <= 3; restarts++)
        {
            _engine.Kill(id);
            actor.Tell(LookAgain.Instance);
            Await(o => o.Phase == InstancePhase.Running && o.Restarts == restarts);
            _agent.ExpectNoMsg(TimeSpan.FromMilliseconds(150));
        }
    }

    [Fact]
    public void An_image_that_cannot_be_pulled_is_named_and_tried_again()
    {
        _engine.Fail("image", new RuntimeFailure(RuntimeFailureKind.ImageUnavailable, "pull access denied"), new RuntimeFailure(RuntimeFailureKind.ImageUnavailable, "pull access denied"));
        Run(Start());
        var cause = Await(o => o.Phase == InstancePhase.BackingOff).Cause;
        cause.ShouldBe("the image 'registry.example/app:1' cannot be pulled: pull access denied");
        Await(o => o.Phase == InstancePhase.Running).Restarts.ShouldBe(0);
        _engine.CallsOf("image").ShouldBe(3);
    }

    [Fact]
    public void A_container_that_the_kernel_killed_for_memory_says_so()
    {
        var actor = Start();
        Run(actor);
        _engine.Kill(Settle().ContainerId!, outOfMemory: true);
        actor.Tell(LookAgain.Instance);
        Await(o => o.Cause is not null).Cause.ShouldNotBeNull().ShouldContain("memory");
    }

    [Fact]
    public void A_container_that_somebody_removed_is_made_anew_with_the_image_that_is_there()
    {
        var actor = Start();
        Run(actor);
        var first = Settle();
        _engine.Vanish(first.ContainerId!);
        actor.Tell(LookAgain.Instance);
        var second = Await(o => o.Phase == InstancePhase.Running && !string.Equals(o.ContainerId, first.ContainerId, StringComparison.Ordinal));
        second.Restarts.ShouldBe(1);
        _engine.Calls.Where(c => c.StartsWith("image", StringComparison.Ordinal)).ShouldBe(["image registry.example/app:1 Always", "image registry.example/app:1 Missing"]);
    }

    [Fact]
    public void A_container_that_lost_what_it_needs_is_removed_and_made_anew()
    {
        _engine.Fail("start", new RuntimeFailure(RuntimeFailureKind.NotFound, "network n1 not found"));
        Run(Start());
        Await(o => o.Phase == InstancePhase.BackingOff).Cause.ShouldNotBeNull().ShouldContain("network n1 not found");
        Await(o => o.Phase == InstancePhase.Running);
        _engine.CallsOf("remove").ShouldBe(1);
        _engine.CallsOf("create").ShouldBe(2);
    }

    [Fact]
    public void An_engine_that_comes_back_ends_the_waiting()
    {
        _engine.Fail("start", new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "connection refused"));
        var actor = Start(options: _options with { Restart = new BackOff(TimeSpan.FromHours(1), TimeSpan.FromHours(1)) });
        Run(actor);
        Await(o => o.Phase == InstancePhase.BackingOff).Cause.ShouldNotBeNull().ShouldContain("connection refused");
        actor.Tell(LookAgain.Instance);
        Await(o => o.Phase == InstancePhase.Running);
    }

    [Fact]
    public void A_late_word_of_an_earlier_attempt_changes_nothing()
    {
        var actor = Start();
        Run(actor);
        Settle();
        actor.Tell(new LaunchFailed(0, new RuntimeFailure(RuntimeFailureKind.Rejected, "late"), null));
        actor.Tell(new EngineAnswer<ObservedContainer>(-1, new RuntimeFailure(RuntimeFailureKind.NotFound, "late")));
        _agent.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_retired_container_is_stopped_with_its_grace_and_removed_however_long_it_takes()
    {
        var actor = Start();
        Run(actor);
        var id = Settle().ContainerId;
        _engine.Fail("stop", new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "busy"));
        _engine.Fail("remove", new RuntimeFailure(RuntimeFailureKind.Rejected, "device busy"));
        actor.Tell(new RetireContainer(TimeSpan.FromSeconds(7), TimeSpan.Zero));
        Await(o => o.Phase == InstancePhase.Stopping && o.Cause is not null && o.Cause.Contains("device busy", StringComparison.Ordinal)).ContainerAddress.ShouldBeNull();
        _agent.FishForMessage(m => m is ContainerGone, TimeSpan.FromSeconds(20));
        _engine.CallsOf($"stop {id} 7").ShouldBe(2);
        _engine.Containers.ShouldBeEmpty();
    }

    [Fact]
    public void A_pull_is_cut_short_by_the_retirement()
    {
        _engine.Hold("image");
        var actor = Start();
        Run(actor);
        Await(o => o.Phase == InstancePhase.Pulling);
        actor.Tell(new RetireContainer(TimeSpan.Zero, TimeSpan.Zero));
        _agent.FishForMessage(m => m is ContainerGone, TimeSpan.FromSeconds(20));
        _engine.CallsOf("create").ShouldBe(0);
    }

    [Fact]
    public void A_container_that_was_being_made_when_it_was_retired_is_removed_too()
    {
        var hold = _engine.Hold("create");
        var actor = Start();
        Run(actor);
        Await(o => o.Phase == InstancePhase.Creating);
        actor.Tell(new RetireContainer(TimeSpan.Zero, TimeSpan.Zero));
        _agent.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        hold.SetResult();
        _agent.FishForMessage(m => m is ContainerGone, TimeSpan.FromSeconds(20));
        _engine.Containers.ShouldBeEmpty();
        _engine.CallsOf("start").ShouldBe(0);
        _engine.CallsOf("remove").ShouldBe(1);
    }

    [Fact]
    public void A_call_that_is_never_answered_ends_with_its_deadline()
    {
        _engine.Hold("start");
        Run(Start(options: _options with { CallDeadline = TimeSpan.FromMilliseconds(50) }));
        Await(o => o.Phase == InstancePhase.BackingOff).Cause.ShouldNotBeNull().ShouldContain("did not answer");
    }

    [Fact]
    public void A_container_that_is_not_well_is_stopped_with_its_grace_and_started_again()
    {
        _engine.ExposedPorts = [9000];
        var actor = Start();
        Run(actor, Checked);
        var id = Await(o => o.Health == InstanceHealth.Ready).ContainerId!;

        _probe.See = (_, probe) => new ProbeResult(false, $"GET {probe.Path} on port {probe.Port} answered 500");
        var ill = Await(o => o.Health == InstanceHealth.Unhealthy);
        ill.Phase.ShouldBe(InstancePhase.Running);
        ill.Cause.ShouldBe("its health check failed 1 times in a row: GET / on port 9000 answered 500");
        _probe.See = (_, _) => new ProbeResult(true, "well");

        Await(o => o.Phase == InstancePhase.BackingOff).Cause.ShouldNotBeNull().ShouldContain("answered 500");
        Await(o => o is { Health: InstanceHealth.Ready, Restarts: 1 }).Cause.ShouldBeNull();
        _engine.CallsOf($"stop {id} 7").ShouldBe(1);
        _engine.CallsOf("create").ShouldBe(1);
    }

    [Fact]
    public void A_container_that_is_never_to_be_started_again_is_only_shown_as_not_well()
    {
        Run(Start(), Checked with { Restart = RestartPolicy.Never });
        Await(o => o.Health == InstanceHealth.Ready);
        _probe.See = (_, _) => new ProbeResult(false, "ill");
        Await(o => o.Health == InstanceHealth.Unhealthy);
        _probe.See = (_, _) => new ProbeResult(true, "well");
        Await(o => o.Health == InstanceHealth.Ready);
        _engine.CallsOf("stop").ShouldBe(0);
    }

    [Theory]
    [InlineData(RestartPolicy.Always, 0, true)]
    [InlineData(RestartPolicy.OnFailure, 0, false)]
    [InlineData(RestartPolicy.OnFailure, 1, true)]
    [InlineData(RestartPolicy.Never, 1, false)]
    public void What_follows_its_end_is_the_policys_to_say(RestartPolicy policy, int exitCode, bool again)
    {
        var actor = Start();
        Run(actor, Spec with { Restart = policy });
        var id = Settle().ContainerId!;

        _engine.Kill(id, exitCode);
        actor.Tell(LookAgain.Instance);

        if (again)
        {
            Await(o => o is { Phase: InstancePhase.Running, Restarts: 1 });
        }
        else
        {
            var ended = Await(o => o.Phase == InstancePhase.Ended);
            ended.Cause.ShouldNotBeNull().ShouldContain($"exit code {exitCode}");
            ended.Cause.ShouldEndWith("it is not started again");
            _agent.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
            Run(actor, Spec with { Restart = RestartPolicy.Always });
            Await(o => o is { Phase: InstancePhase.Running, Restarts: 1 });
        }
    }

    [Fact]
    public void A_crash_loop_is_called_so()
    {
        _engine.EndsAtOnceWith = 3;
        Run(Start());
        Await(o => o.Cause is { } cause && cause.StartsWith("crash loop: ended 3 times in the last minute; the last time it ended with exit code 3; see 'warp logs shop/app'", StringComparison.Ordinal));
    }

    private IActorRef Start(ObservedContainer? found = null, ContainerOptions? options = null) =>
        _agent.ChildActorOf(ContainerActor.Props(ContainerLife.Begin(Key, found, InstancePhase.Pending), new ContainerTools(_engine, _probe, _connections), options ?? _options));

    private void Run(IActorRef actor, ServiceSpec? spec = null)
    {
        var service = new ServiceAssignment(spec ?? Spec, Ipv4Address.Parse("10.201.0.1"), [new Placement(0, 4, Runner)]);
        var assignment = new Assignment(Key.Instance.Deployment, 1, "default", "default", Removed: false, [service]);
        actor.Tell(new RunContainer(new ContainerWish(Key, assignment, service.Spec, Runner, _engine.Networks[0], service.Spec.Restart)));
    }

    private InstanceObserved Settle() => Await(o => o.Phase == InstancePhase.Running);

    private InstanceObserved Await(Func<InstanceObserved, bool> wanted) =>
        ((ContainerReport)_agent.FishForMessage(m => m is ContainerReport r && wanted(r.Observed), TimeSpan.FromSeconds(20))).Observed;

    private List<InstancePhase> Phases(int count) => [.. Enumerable.Range(0, count).Select(_ => _agent.ExpectMsg<ContainerReport>().Observed.Phase)];
}
