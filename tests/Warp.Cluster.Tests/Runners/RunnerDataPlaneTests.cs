using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class RunnerDataPlaneTests : RunnerTestKit
{
    private static readonly Peer Neighbour = new(There, new NodeEndpoint("10.0.0.2", 4054), new NodeEndpoint("10.0.0.2", 8558));

    [Fact]
    public void Routes_follow_the_container()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);
        var app = AwaitInstance(i => i.Phase == InstancePhase.Running);
        Eventually(() => Routes.Last!.Deployments[0].Services[0].Instances[0].ContainerAddress == app.ContainerAddress);
        Routes.Last!.Deployments[0].Bridge.ShouldBe(Engine.Networks[0]);

        Engine.EndsAtOnceWith = 1;
        Engine.Kill(app.ContainerId!);
        Eventually(() => Routes.Last!.Deployments[0].Services[0].Instances[0].ContainerAddress is null);

        Engine.EndsAtOnceWith = null;
        var again = AwaitInstance(i => i.Phase == InstancePhase.Running && i.Restarts > 0);
        again.ContainerAddress.ShouldNotBe(app.ContainerAddress);
        Eventually(() => Routes.Last!.Deployments[0].Services[0].Instances[0].ContainerAddress == again.ContainerAddress);
        Eventually(() => ReferenceEquals(Rules.Applied.Last(), Routes.Last));
    }

    [Fact]
    public void The_rules_of_an_earlier_process_are_not_touched_before_the_engine_was_seen()
    {
        Engine.PutNetwork(Shop);
        Engine.Put(AppInstance(), AppHash);
        Store.Kept[Shop] = ShopAssignment(1);
        var hold = Engine.Hold("list");
        StartRunner();
        AwaitStatus(_ => true);
        Routes.Published.ShouldBeEmpty();
        Rules.Applied.ShouldBeEmpty();

        hold.SetResult();
        Eventually(() => !Rules.Applied.IsEmpty);
        Rules.Applied.First().Deployments.ShouldHaveSingleItem().Services[0].Instances[0].ContainerAddress.ShouldNotBeNull();
    }

    [Fact]
    public void The_kernel_gets_the_newest_routes_one_call_at_a_time()
    {
        var hold = Rules.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = StartRunner();
        for (var version = 1; version <= 20; version++)
        {
            runner.Tell(ShopAssignment(version), TestActor);
        }

        AwaitInstance(i => i.Phase == InstancePhase.Running);
        Rules.Hold = null;
        hold.SetResult();

        Eventually(() => Rules.Applied.LastOrDefault() is { Deployments: [{ Services: [{ Instances: [{ ContainerAddress: not null }] }, _] }] });
        Rules.Applied.Count.ShouldBeLessThan(5);
        Rules.MostAtOnce.ShouldBe(1);
    }

    [Fact]
    public void A_repair_is_logged_and_shown_for_a_while()
    {
        Rules.NextVerifications.Enqueue(new RuleSetOutcome("the table inet warp was missing", null));
        EventFilter.Warning(contains: "the table inet warp was missing").ExpectOne(TimeSpan.FromSeconds(20), () => StartRunner());
        AwaitStatus(s => s.Problems.Any(p => p.Contains("the table inet warp was missing", StringComparison.Ordinal)));
        AwaitStatus(s => s.Problems.IsEmpty);
    }

    [Fact]
    public void A_refusal_of_the_kernel_is_shown_and_tried_again()
    {
        for (var i = 0; i < 5; i++)
        {
            Rules.NextOutcomes.Enqueue(new RuleSetOutcome(null, "nftables: operation not permitted; run as root"));
        }

        StartRunner();
        AwaitStatus(s => s.Problems.Any(p => p.Contains("run as root", StringComparison.Ordinal)));
        AwaitStatus(s => s.Problems.IsEmpty);
    }

    [Fact]
    public void A_peer_that_shares_a_deployment_gets_a_tunnel_from_the_disk_s_word_alone()
    {
        Store.Kept[Shop] = ShopAssignment(1);
        Store.Peers = new PeerList([Neighbour]);
        Engine.Stop();
        StartRunner();
        AwaitStatus(s => s.Tunnels is [{ State: TunnelState.Up }] && s.Tunnels[0].Peer == There);
    }

    [Fact]
    public void A_list_of_peers_is_kept_and_one_that_knows_fewer_takes_nothing_away()
    {
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);
        runner.Tell(new PeerList([Neighbour]), TestActor);
        AwaitStatus(s => s.Tunnels is [{ State: TunnelState.Up }]);

        runner.Tell(new PeerList([]), TestActor);

        Eventually(() => Store.Peers.Peers.SequenceEqual([Neighbour]));
        Eventually(() => Routes.Last!.Peers.SequenceEqual([Neighbour]));
        Links.Links[There].Drained.ShouldBeFalse();
    }

    [Fact]
    public void A_peer_that_shares_nothing_any_more_loses_its_tunnel()
    {
        var runner = StartRunner();
        runner.Tell(new PeerList([Neighbour]), TestActor);
        runner.Tell(ShopAssignment(1), TestActor);
        AwaitStatus(s => s.Tunnels is [{ State: TunnelState.Up }]);

        runner.Tell(ShopAssignment(2) with { Services = [Service(Spec(App), "10.201.0.1", (1, Here))] }, TestActor);

        Eventually(() => Links.Links[There].Drained);
        AwaitStatus(s => s.Tunnels is [{ State: TunnelState.Draining }]);
        Links.Links[There].Trunks = 0;
        AwaitStatus(s => s.Tunnels.IsEmpty);
        Links.Links[There].Closed.ShouldBeTrue();
    }
}
