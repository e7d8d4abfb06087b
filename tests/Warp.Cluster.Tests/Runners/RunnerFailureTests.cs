using Akka.Actor;
using Shouldly;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

/// <summary>Whatever actor fails, no container notices.</summary>
public sealed class RunnerFailureTests : RunnerTestKit
{
    [Theory]
    [InlineData("shop-1/container-2")]
    [InlineData("shop-1")]
    [InlineData("engine")]
    [InlineData("rules")]
    [InlineData("reporter")]
    [InlineData("tunnels")]
    public void A_part_that_fails_is_made_anew_and_adopts_what_runs(string part)
    {
        Options = Options with { InventoryEvery = TimeSpan.FromMilliseconds(100) };
        var runner = StartRunner();
        runner.Tell(ShopAssignment(1), TestActor);
        AwaitInstance(i => i.Phase == InstancePhase.Running);
        var running = Engine.Containers.ShouldHaveSingleItem();
        Eventually(() => Store.Kept.ContainsKey(Shop));

        EventFilter.Exception<ActorKilledException>().ExpectOne(TimeSpan.FromSeconds(20), () => Sys.ActorSelection($"{runner.Path}/{part}").Tell(Kill.Instance));

        runner.Tell(ShopAssignment(2), TestActor);
        AwaitReport(r => r is { AssignmentVersion: 2, Instances: [{ Phase: InstancePhase.Running }] }).Instances[0].ContainerId.ShouldBe(running.ContainerId);
        Engine.Containers.ShouldHaveSingleItem().ShouldBe(running);
        Engine.CallsOf("create").ShouldBe(1);
        Engine.CallsOf("stop").ShouldBe(0);
        Routes.Published.Last().Deployments.ShouldHaveSingleItem().Services[0].Instances[0].ContainerAddress.ShouldBe(running.Address);
    }
}
