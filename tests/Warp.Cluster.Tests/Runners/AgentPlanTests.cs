using System.Collections.Immutable;
using CsCheck;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class AgentPlanTests
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly Gen<ContainerKey> Keys = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Long[1, 3], Gen.Int[0, 1])
        .Select((service, ordinal, generation, hash) => new ContainerKey(new InstanceId(Shop, ServiceName.Parse($"s{service}"), ordinal, generation), $"h{hash}"));

    private static readonly Gen<AgentSituation> Situations = Gen.Select(
        Keys.List[0, 6], Gen.Select(Keys, Gen.Int[0, 2].Select(i => (ContainerDuty)i)).List[0, 6], Gen.Bool,
        (wanted, there, network) => new AgentSituation(
            true,
            [.. wanted.DistinctBy(k => (k.Instance.Service, k.Instance.Ordinal))],
            there.DistinctBy(t => t.Item1).ToImmutableDictionary(t => t.Item1, t => t.Item2),
            network));

    [Fact]
    public void Taking_the_steps_leads_to_what_is_wanted_and_then_to_no_further_step() => Situations.Sample(start =>
    {
        var end = Settle(start);
        return end.Containers.Keys.ToHashSet().SetEquals(start.Wanted)
            && end.Containers.Values.All(d => d == ContainerDuty.Run)
            && end.Network == !start.Wanted.IsEmpty
            && AgentPlan.Next(end).SequenceEqual(start.Wanted.IsEmpty ? [AgentStep.Finish.Instance] : []);
    });

    [Fact]
    public void A_wanted_container_that_is_kept_running_is_never_touched() => Situations.Sample(start =>
    {
        var healthy = start.Containers.Where(c => c.Value == ContainerDuty.Run && start.Wanted.Contains(c.Key)).Select(c => c.Key).ToList();
        var touched = new List<ContainerKey>();
        Settle(start, step => touched.AddRange(step switch
        {
            AgentStep.Run run => [run.Key],
            AgentStep.Retire retire => [retire.Key],
            _ => Array.Empty<ContainerKey>(),
        }));
        return !touched.Intersect(healthy).Any();
    });

    [Fact]
    public void Two_containers_of_one_replica_are_never_there_together_because_of_us() => Situations.Sample(start =>
        Settle(start, check: (before, step) =>
            step is not AgentStep.Run { Key: var key } || before.Containers.ContainsKey(key) || !before.Containers.Keys.Any(key.SharesReplicaWith)) is not null);

    [Fact]
    public void Without_an_assignment_nothing_is_touched_and_when_nothing_is_there_it_is_over() =>
        Situations.Sample(situation =>
            AgentPlan.Next(situation with { Assigned = false }).SequenceEqual(situation is { Containers.IsEmpty: true, Network: false } ? [AgentStep.Finish.Instance] : []));

    [Fact]
    public void The_network_goes_after_the_last_container_and_comes_before_the_first()
    {
        var key = new ContainerKey(new InstanceId(Shop, ServiceName.Parse("app"), 0, 1), "h");
        var nothing = new AgentSituation(true, [], ImmutableDictionary<ContainerKey, ContainerDuty>.Empty, true);
        AgentPlan.Next(nothing with { Containers = nothing.Containers.Add(key, ContainerDuty.Retire) }).ShouldBeEmpty();
        AgentPlan.Next(nothing).ShouldBe([AgentStep.RemoveNetwork.Instance]);
        AgentPlan.Next(nothing with { Wanted = [key], Network = false }).ShouldBe([AgentStep.EnsureNetwork.Instance]);
    }

    private static AgentSituation Settle(AgentSituation situation, Action<AgentStep>? onStep = null, Func<AgentSituation, AgentStep, bool>? check = null)
    {
        for (var round = 0; round < 20; round++)
        {
            // What is being removed is gone by the next round.
            situation = situation with { Containers = situation.Containers.RemoveRange(situation.Containers.Where(c => c.Value == ContainerDuty.Retire).Select(c => c.Key)) };
            foreach (var step in AgentPlan.Next(situation))
            {
                (check?.Invoke(situation, step) ?? true).ShouldBeTrue($"{step} in {situation}");
                onStep?.Invoke(step);
                situation = Take(situation, step);
            }
        }

        return situation;
    }

    private static AgentSituation Take(AgentSituation situation, AgentStep step) => step switch
    {
        AgentStep.Run { Key: var key } => situation with { Containers = situation.Containers.SetItem(key, ContainerDuty.Run) },
        AgentStep.Retire { Key: var key } => situation with { Containers = situation.Containers.SetItem(key, ContainerDuty.Retire) },
        AgentStep.EnsureNetwork => situation with { Network = true },
        AgentStep.RemoveNetwork => situation with { Network = false },
        _ => situation,
    };
}
