using Akka.Actor;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class RunnerRolloutTests : RunnerTestKit
{
    private static readonly ServiceSpec Old = Spec(App, grace: 3) with { DrainSeconds = 600 };
    private static readonly ServiceSpec New = Old with { Image = "image:2" };

    [Fact]
    public void A_new_instance_starts_beside_the_old_one_which_drains_and_goes()
    {
        var runner = StartWithOld();
        Connections.Open = 1;

        runner.Tell(Version(2, New, Old, (1, PlacementRole.Serving), (2, PlacementRole.Starting)), TestActor);
        var both = AwaitReport(r => r is { AssignmentVersion: 2, Instances.Length: 2 } && r.Instances.All(i => i.Health == InstanceHealth.Ready));
        both.Instances.Select(i => i.Phase).ShouldBe([InstancePhase.Running, InstancePhase.Running]);
        Routes.Last!.Deployments[0].Services[0].Instances.Select(i => (i.Role, i.Ready)).ShouldBe([(PlacementRole.Serving, true), (PlacementRole.Starting, true)]);

        runner.Tell(Version(3, New, Old, (1, PlacementRole.Draining), (2, PlacementRole.Serving)), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 3, Instances: [{ Phase: InstancePhase.Running }, _] });
        Engine.CallsOf("stop").ShouldBe(0);

        runner.Tell(Version(4, New, Old, (1, PlacementRole.Retiring), (2, PlacementRole.Serving)), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 4, Instances: [{ Phase: InstancePhase.Stopping, ContainerAddress: not null }, _] });
        var counts = Connections.Counts;
        Eventually(() => Connections.Counts > counts + 3);
        Engine.CallsOf("stop").ShouldBe(0);
        Routes.Last!.Deployments[0].Services[0].Instances[0].ContainerAddress.ShouldNotBeNull("a container that drains still calls its peers");

        Connections.Open = 0;
        AwaitReport(r => r is { AssignmentVersion: 4, Instances: [{ Instance.Generation: 2, Phase: InstancePhase.Running }] });
        Engine.CallsOf("stop c2 3").ShouldBe(1);
        Engine.Containers.ShouldHaveSingleItem().SpecHash.ShouldBe(ServiceSpecHash.Of(New));
        AwaitQuiet();
    }

    [Fact]
    public void The_time_of_its_connections_ends()
    {
        var runner = StartWithOld();
        Connections.Open = 1;
        var hurried = Old with { DrainSeconds = 1 };

        runner.Tell(Version(2, New, hurried, (1, PlacementRole.Retiring), (2, PlacementRole.Serving)), TestActor);

        AwaitReport(r => r is { AssignmentVersion: 2, Instances: [{ Instance.Generation: 2, Phase: InstancePhase.Running }] });
    }

    [Fact]
    public void A_container_that_ends_while_it_drains_is_not_waited_for()
    {
        var runner = StartWithOld();
        Connections.Open = 1;
        runner.Tell(Version(2, New, Old, (1, PlacementRole.Retiring), (2, PlacementRole.Serving)), TestActor);
        var old = AwaitInstance(i => i.Phase == InstancePhase.Stopping).ContainerId!;

        Engine.Kill(old);

        AwaitReport(r => r is { AssignmentVersion: 2, Instances: [{ Instance.Generation: 2, Phase: InstancePhase.Running }] });
        Engine.CallsOf($"start {old}").ShouldBe(1);
    }

    [Fact]
    public void Connections_that_cannot_be_counted_get_their_full_time_and_it_is_said()
    {
        Connections.Failure = "operation not permitted";
        var runner = StartWithOld();

        runner.Tell(Version(2, New, Old, (1, PlacementRole.Retiring), (2, PlacementRole.Serving)), TestActor);

        AwaitStatus(s => s.Problems.Any(p => p.Contains("operation not permitted", StringComparison.Ordinal)));
        Engine.CallsOf("stop").ShouldBe(0);
    }

    [Fact]
    public void What_drains_is_not_started_again_when_it_ends()
    {
        var runner = StartWithOld();
        runner.Tell(Version(2, New, Old, (1, PlacementRole.Draining), (2, PlacementRole.Serving)), TestActor);
        var old = AwaitReport(r => r is { AssignmentVersion: 2, Instances.Length: 2 }).Instances[0].ContainerId!;

        Engine.Kill(old);

        AwaitInstance(i => i.Phase == InstancePhase.Ended).Cause.ShouldNotBeNull().ShouldContain("not started again");
        AwaitQuiet();
        Engine.CallsOf($"start {old}").ShouldBe(1);
    }

    [Fact]
    public void What_leaves_and_is_not_here_is_not_made_and_not_reported()
    {
        var runner = StartRunner();
        runner.Tell(Version(1, New, Old, (1, PlacementRole.Draining), (2, PlacementRole.Retiring)), TestActor);

        AwaitReport(r => r is { AssignmentVersion: 1, Instances.IsEmpty: true });
        AwaitQuiet();
        Engine.CallsOf("create").ShouldBe(0);
        Engine.Networks.ShouldBeEmpty();
    }

    [Fact]
    public void With_a_volume_that_is_written_the_old_one_is_gone_before_the_new_one_is_made()
    {
        var writes = Old with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] };
        var runner = StartWithOld(writes);
        Connections.Open = 1;
        var hold = Engine.Hold("stop");

        runner.Tell(Version(2, writes with { Image = "image:2" }, writes, (1, PlacementRole.Retiring), (2, PlacementRole.Starting)), TestActor);

        var during = AwaitReport(r => r is { AssignmentVersion: 2, Instances.Length: 2 });
        during.Instances.Select(i => i.Phase).ShouldBe([InstancePhase.Stopping, InstancePhase.Pending]);
        during.Instances[1].Cause.ShouldNotBeNull().ShouldContain("generation 1");
        hold.SetResult();
        AwaitReport(r => r.Instances is [{ Phase: InstancePhase.Running, Instance.Generation: 2 }]);
        Engine.Calls.IndexOf("remove c2").ShouldBeLessThan(Engine.Calls.IndexOf("create shop/app#0@2"));
        Connections.Counts.ShouldBe(0);
    }

    [Fact]
    public void What_runs_the_former_spec_is_adopted_as_such()
    {
        var found = Engine.Put(AppInstance(), ServiceSpecHash.Of(Old));
        Engine.PutNetwork(Shop);
        Store.Kept[Shop] = Version(5, New, Old, (1, PlacementRole.Serving));
        StartRunner();

        AwaitInstance(i => i is { Phase: InstancePhase.Running, Health: InstanceHealth.Ready });
        AwaitQuiet();
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(found);
    }

    [Fact]
    public void What_is_not_ready_yet_takes_no_connections_and_says_why()
    {
        Probe.See = (_, probe) => new ProbeResult(false, $"port {probe.Port} refuses connections");
        Engine.ExposedPorts = [8080];
        StartRunner().Tell(ShopAssignment(1), TestActor);

        AwaitInstance(i => i.Health == InstanceHealth.Starting && i.Cause is not null).Cause.ShouldBe("not ready yet: port 8080 refuses connections");
        Eventually(() => Routes.Last is { Deployments: [{ Services: [{ Instances: [{ ContainerAddress: not null, Ready: false }] }, _] }] });

        Probe.See = (_, _) => new ProbeResult(true, "well");
        AwaitInstance(i => i.Health == InstanceHealth.Ready).Cause.ShouldBeNull();
        Eventually(() => Routes.Last!.Deployments[0].Services[0].Instances[0].Ready);
    }

    [Fact]
    public void What_runs_already_takes_connections_before_anybody_has_looked()
    {
        var check = new HealthCheck(HealthCheckKind.Tcp, 80);
        var spec = Old with { Health = check };
        Probe.See = (_, _) => new ProbeResult(false, "a moment of weakness");
        Engine.Put(AppInstance(), ServiceSpecHash.Of(spec));
        Engine.PutNetwork(Shop);
        Store.Kept[Shop] = Version(5, spec, null, (1, PlacementRole.Serving));
        StartRunner();

        AwaitInstance(i => i is { Phase: InstancePhase.Running, Health: InstanceHealth.Unknown });
        Eventually(() => Routes.Published.Any(r => r.Deployments is [{ Services: [{ Instances: [{ Ready: true }] }] }]));
    }

    [Fact]
    public void Volumes_are_in_the_status_as_soon_as_they_are_made()
    {
        StartRunner();
        AwaitStatus(s => s.EngineReady && s.Volumes.IsEmpty);
        _ = Volumes.CreateAsync("data", CancellationToken.None);
        AwaitStatus(s => s.Volumes is ["data"]);
    }

    private IActorRef StartWithOld(ServiceSpec? old = null)
    {
        var runner = StartRunner();
        runner.Tell(Version(1, old ?? Old, null, (1, PlacementRole.Serving)), TestActor);
        AwaitInstance(i => i.Health == InstanceHealth.Ready);
        return runner;
    }

    private static Assignment Version(long version, ServiceSpec spec, ServiceSpec? former, params (long Generation, PlacementRole Role)[] placements) => new(
        Shop, version, "default", "production", Removed: false,
        [
            new ServiceAssignment(
                spec, Ipv4Address.Parse("10.201.0.1"), [.. placements.Select(p => new Placement(0, p.Generation, Here, p.Role, FormerSpec: former is not null && p.Generation == 1))], former),
        ]);
}
