using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class RunnerLifeTests : RunnerTestKit
{
    [Fact]
    public void An_assignment_becomes_a_running_container()
    {
        Engine.ExposedPorts = [3211];
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);

        var app = AwaitInstance(i => i.Phase == InstancePhase.Running);

        app.Instance.ShouldBe(AppInstance());
        app.ContainerAddress.ShouldNotBeNull();
        app.ImagePort.ShouldBe(3211);
        app.Restarts.ShouldBe(0);
        app.Cause.ShouldBeNull();
        var plan = Engine.Plans.ShouldHaveSingleItem();
        plan.NetworkId.ShouldBe(Engine.Networks.ShouldHaveSingleItem().NetworkId);
        plan.SpecHash.ShouldBe(AppHash);
        plan.Environment["WARP_IST_db"].ShouldBe("10.201.0.2");
        plan.Environment["WARP_PORT"].ShouldBe("3211");
        Eventually(() => Store.Kept.ContainsKey(Shop));
    }

    [Fact]
    public void A_healthy_container_is_adopted_untouched_and_its_routes_are_there_before_any_control_node_answers()
    {
        var found = Engine.Put(AppInstance(), AppHash);
        Engine.PutNetwork(Shop);
        Store.Kept[Shop] = ShopAssignment(7);
        StartRunner();

        var report = AwaitReport(r => r.Instances.Any(i => i.Phase == InstancePhase.Running));

        report.AssignmentVersion.ShouldBe(7);
        report.Instances.ShouldHaveSingleItem().ContainerId.ShouldBe(found.ContainerId);
        report.Instances[0].Restarts.ShouldBe(0);
        Eventually(() => !Routes.Published.IsEmpty);
        Routes.Published[0].Deployments.ShouldHaveSingleItem().Services[0].Instances[0].ContainerAddress.ShouldBe(found.Address);
        AwaitQuiet();
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(found);
    }

    [Fact]
    public void A_container_that_is_newer_than_what_the_disk_says_is_left_alone_until_a_control_node_speaks()
    {
        var newer = Engine.Put(AppInstance(generation: 4), AppHash);
        Engine.PutNetwork(Shop);
        Store.Kept[Shop] = ShopAssignment(5);
        var runner = StartRunner();

        AwaitReport(r => r is { AssignmentVersion: 5, Instances: [{ Instance.Generation: 1, Phase: InstancePhase.Pending }, { Instance.Generation: 4, Phase: InstancePhase.Orphaned }] });
        AwaitQuiet();

        runner.Tell(ShopAssignment(9, appGeneration: 4), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 9, Instances: [{ Instance.Generation: 4, Phase: InstancePhase.Running }] });
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(newer);
    }

    [Fact]
    public void A_control_node_has_the_last_word_on_a_container_of_a_later_generation()
    {
        Engine.Put(AppInstance(generation: 4), AppHash);
        Engine.PutNetwork(Shop);
        Store.Kept[Shop] = ShopAssignment(5);
        var runner = StartRunner();
        AwaitInstance(i => i.Phase == InstancePhase.Orphaned);

        runner.Tell(ShopAssignment(6), TestActor);

        AwaitReport(r => r is { AssignmentVersion: 6, Instances: [{ Instance.Generation: 1, Phase: InstancePhase.Running }] });
        Engine.Containers.ShouldHaveSingleItem().Instance.Generation.ShouldBe(1);
    }

    [Fact]
    public void The_end_of_the_runner_actor_ends_no_container_and_a_new_one_adopts_it()
    {
        var first = StartRunner();
        first.Tell(ShopAssignment(1), TestActor);
        AwaitInstance(i => i.Phase == InstancePhase.Running);
        var running = Engine.Containers.ShouldHaveSingleItem();

        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        StartRunner();

        AwaitInstance(i => i.Phase == InstancePhase.Running);
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(running);
        Engine.CallsOf("stop").ShouldBe(0);
        Engine.CallsOf("create").ShouldBe(1);
    }

    [Fact]
    public void A_container_of_the_right_generation_made_of_something_else_is_replaced()
    {
        var wrong = Engine.Put(AppInstance(), "another hash");
        Engine.PutNetwork(Shop);
        Store.Kept[Shop] = ShopAssignment(1);
        StartRunner();

        AwaitReport(r => r.Instances is [{ Phase: InstancePhase.Running } only] && !wrong.ContainerId.Equals(only.ContainerId, StringComparison.Ordinal));
        Engine.Containers.ShouldHaveSingleItem().SpecHash.ShouldBe(AppHash);
    }

    [Fact]
    public void A_late_assignment_changes_nothing_and_is_answered_with_what_is_there()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(5, appGeneration: 3), TestActor);
        AwaitInstance(i => i.Phase == InstancePhase.Running);

        runner.Tell(ShopAssignment(4, appGeneration: 2), TestActor);

        AwaitReport(r => r is { AssignmentVersion: 5, Instances: [{ Instance.Generation: 3 }], Held: { Version: 5, Services: [{ Placements: [{ Generation: 3 }] }, _] } });
        AwaitReport(r => r is { AssignmentVersion: 5, Held: null });
        AwaitQuiet();
        Store.Kept[Shop].Version.ShouldBe(5);
    }

    [Fact]
    public void A_removal_takes_containers_then_network_and_is_confirmed_every_time_it_comes()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);
        AwaitInstance(i => i.Phase == InstancePhase.Running);

        runner.Tell(Removal(2), TestActor);

        AwaitReport(r => r is { AssignmentVersion: 2, Instances.IsEmpty: true });
        Eventually(() => Engine.Networks.IsEmpty && Store.Kept.IsEmpty);
        Engine.Containers.ShouldBeEmpty();
        Engine.CallsOf("stop c2 3").ShouldBe(1);
        Eventually(() => Routes.Last!.Deployments.IsEmpty);

        runner.Tell(Removal(2), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 2, Instances.IsEmpty: true });
        runner.Tell(ShopAssignment(1), TestActor);
        runner.Tell(ShopAssignment(3, appGeneration: 2), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 3, Instances: [{ Phase: InstancePhase.Running, Instance.Generation: 2 }] });
        Engine.CallsOf("create").ShouldBe(2);
    }

    [Fact]
    public void What_was_forgotten_for_long_is_taken_from_a_journal_that_was_restored()
    {
        Options = Options with { LateFor = TimeSpan.Zero };
        var runner = StartRunner();
        runner.Tell(Removal(9), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 9, Instances.IsEmpty: true });

        // Its control node sends it again and again, as it does for each runner that is not up to date.
        Eventually(() =>
        {
            runner.Tell(ShopAssignment(5), TestActor);
            return !Engine.Containers.IsEmpty;
        });
        AwaitReport(r => r is { AssignmentVersion: 5, Instances: [{ Phase: InstancePhase.Running }] });
    }

    [Fact]
    public void A_deployment_that_is_placed_elsewhere_leaves_nothing_here()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);
        AwaitInstance(i => i.Phase == InstancePhase.Running);

        runner.Tell(ShopAssignment(2) with { Services = [Service(Spec(App), "10.201.0.1", (2, There))] }, TestActor);

        AwaitReport(r => r is { AssignmentVersion: 2, Instances.IsEmpty: true });
        Eventually(() => Engine.Containers.IsEmpty && Engine.Networks.IsEmpty && Store.Kept.IsEmpty);
    }

    [Fact]
    public void A_container_that_nobody_assigned_is_reported_and_kept_and_adopted_when_somebody_does()
    {
        var orphan = Engine.Put(AppInstance(), AppHash);
        var runner = StartRunner();
        AwaitReport(r => r is { AssignmentVersion: 0, Instances: [{ Phase: InstancePhase.Orphaned }] });

        runner.Tell(new DeploymentUnknown(Shop), TestActor);
        AwaitStatus(s => s.Problems.Any(p => p.Contains("'shop'", StringComparison.Ordinal)));
        AwaitQuiet();
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(orphan);

        runner.Tell(ShopAssignment(1), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 1, Instances: [{ Phase: InstancePhase.Running }] });
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(orphan);
        AwaitStatus(s => s.Problems.IsEmpty);
    }

    [Fact]
    public void An_orphan_that_somebody_removed_by_hand_is_forgotten()
    {
        var orphan = Engine.Put(AppInstance(), AppHash);
        StartRunner();
        AwaitInstance(i => i.Phase == InstancePhase.Orphaned);
        Engine.Vanish(orphan.ContainerId);
        AwaitReport(r => r.Instances.IsEmpty);
        AwaitStatus(s => s.Instances == 0);
        Deployments.ExpectNoMsg(Options.ReportEvery * 2);
    }

    [Fact]
    public void A_deployment_that_the_control_nodes_forgot_keeps_running_and_takes_a_new_history()
    {
        Engine.PutNetwork(Shop);
        var running = Engine.Put(AppInstance(), AppHash);
        Store.Kept[Shop] = ShopAssignment(57);
        var runner = StartRunner();
        AwaitInstance(i => i.Phase == InstancePhase.Running);

        runner.Tell(new DeploymentUnknown(Shop), TestActor);

        AwaitReport(r => r.Held is { Version: 57 });
        var orphan = AwaitInstance(i => i.Phase == InstancePhase.Orphaned);
        orphan.ContainerAddress.ShouldBe(running.Address);
        orphan.Cause.ShouldNotBeNull();
        Eventually(() => Routes.Last is not null);
        Routes.Last!.Deployments.ShouldHaveSingleItem().Services[0].Instances[0].ContainerAddress.ShouldBe(running.Address);

        runner.Tell(ShopAssignment(1), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 1, Instances: [{ Phase: InstancePhase.Running }] });
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(running);
    }

    [Fact]
    public void An_engine_that_comes_back_brings_everything_back()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);
        var before = AwaitInstance(i => i.Phase == InstancePhase.Running);

        Engine.Stop();
        AwaitStatus(s => !s.EngineReady && s.EngineVersion is null && s.Problems.Any(p => p.Contains("connection refused", StringComparison.Ordinal)));
        Engine.ComeBack();

        var after = AwaitInstance(i => i.Phase == InstancePhase.Running && i.Restarts == 1);
        after.ContainerId.ShouldBe(before.ContainerId);
        after.ContainerAddress.ShouldNotBe(before.ContainerAddress);
        AwaitStatus(s => s is { EngineReady: true, EngineVersion: "20.10.24", Problems.IsEmpty: true });
        Eventually(() => Routes.Last!.Deployments[0].Services[0].Instances[0].ContainerAddress == after.ContainerAddress);
        Engine.CallsOf("create").ShouldBe(1);
    }

    [Fact]
    public void An_engine_that_is_not_there_at_the_start_is_waited_for()
    {
        Engine.Stop();
        Store.Kept[Shop] = ShopAssignment(1);
        StartRunner();
        AwaitStatus(s => !s.EngineReady && !s.Problems.IsEmpty);
        Deployments.ExpectNoMsg(TimeSpan.FromMilliseconds(300));

        Engine.ComeBack();
        AwaitInstance(i => i.Phase == InstancePhase.Running);
    }

    [Fact]
    public void A_full_disk_is_a_problem_that_is_shown_until_it_is_over()
    {
        Store.Failures.Enqueue(new IOException("No space left on device"));
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);

        AwaitStatus(s => s.Problems.Any(p => p.Contains("No space left", StringComparison.Ordinal)));
        Eventually(() => Store.Kept.ContainsKey(Shop));
        AwaitStatus(s => s.Problems.IsEmpty);
    }

    [Fact]
    public void A_network_that_cannot_be_made_is_a_cause_until_it_can()
    {
        Engine.Fail("network", Enumerable.Repeat(new RuntimeFailure(RuntimeFailureKind.Rejected, "no free subnet"), 3).ToArray());
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);

        AwaitInstance(i => i.Phase == InstancePhase.Pending && i.Cause is not null && i.Cause.Contains("no free subnet", StringComparison.Ordinal));
        AwaitInstance(i => i.Phase == InstancePhase.Running);
        AwaitStatus(s => s.Problems.IsEmpty);
    }

    [Fact]
    public void The_status_says_who_and_how_many()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);

        var status = AwaitStatus(s => s.Instances == 1);

        status.Runner.ShouldBe(Here);
        status.Tunnel.ShouldBe(new NodeEndpoint("10.0.0.1", 4054));
        status.Version.ShouldBe("0.1.0");
        ControlNodes.LastSender.ShouldBe(runner);
        Deployments.FishForMessage(m => m is RunnerReport).ShouldNotBeNull();
        Deployments.LastSender.ShouldBe(runner);
    }
}
