using System.Collections.Immutable;
using CsCheck;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class AgentPlanTests
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly ServiceSpec AnySpec = RunnerTestKit.Spec(ServiceName.Parse("s0"));
    private static readonly Gen<ContainerKey> Keys = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Long[1, 3], Gen.Int[0, 1])
        .Select((service, ordinal, generation, hash) => new ContainerKey(new InstanceId(Shop, ServiceName.Parse($"s{service}"), ordinal, generation), $"h{hash}"));

    private static readonly Gen<WantedContainer> Wishes = Gen.Select(Keys, Gen.Int[0, 3], Gen.Bool, (key, role, first) => Wanted(key, (PlacementRole)role, first));

    private static readonly Gen<AgentSituation> Situations = Gen.Select(
        Wishes.List[0, 6], Gen.Select(Keys, Gen.Int[0, 4].Select(i => (ContainerDuty)i)).List[0, 6], Gen.Bool,
        (wanted, there, network) => new AgentSituation(
            true,

            // Whether a service stops first is one thing for all that runs it.
            [.. wanted.DistinctBy(w => w.Key.Instance).Select(w => w with { StopsFirst = wanted[0].StopsFirst })],
            there.DistinctBy(t => t.Item1).ToImmutableDictionary(t => t.Item1, t => t.Item2),
            network));

    [Fact]
    public void Taking_the_steps_leads_to_what_is_wanted_and_then_to_no_further_step() => Situations.Sample(start =>
    {
        var end = Settle(start);
        var drained = end with { Wanted = [.. end.Wanted.Where(w => w.Role != PlacementRole.Draining)] };
        return AgentPlan.Next(end).SequenceEqual(end.Wanted.IsEmpty ? [AgentStep.Finish.Instance] : [])
            && end.Containers.All(c => end.Wanted.Any(w => w.Claims(c.Key) && w.Duty == c.Value))
            && Settle(drained).Wanted.Where(w => w.Duty == ContainerDuty.Run).All(w => Settle(drained).Containers.ContainsKey(w.Key) || w.StopsFirst);
    });

    [Fact]
    public void A_wanted_container_that_is_kept_running_is_never_touched() => Situations.Sample(start =>
    {
        var healthy = start.Containers.Where(c => c.Value == ContainerDuty.Run && start.Wanted.Any(w => w.Duty == ContainerDuty.Run && w.Key == c.Key)).Select(c => c.Key).ToList();
        var touched = new List<ContainerKey>();
        Settle(start, step => touched.AddRange(step is AgentStep.Care care ? [care.Key] : Array.Empty<ContainerKey>()));
        return !touched.Intersect(healthy).Any();
    });

    [Fact]
    public void A_placement_of_a_former_spec_keeps_its_container_whatever_that_is_made_of()
    {
        var there = new ContainerKey(new InstanceId(Shop, ServiceName.Parse("s0"), 0, 1), "h0");
        var wanted = Wanted(there with { SpecHash = "h1" }, PlacementRole.Serving, false) with { Former = true };
        AgentPlan.Next(new AgentSituation(true, [wanted], ImmutableDictionary<ContainerKey, ContainerDuty>.Empty.Add(there, ContainerDuty.Run), true)).ShouldBeEmpty();
    }

    [Fact]
    public void Two_containers_of_one_instance_are_never_there_together_because_of_us() => Situations.Sample(start =>
        Settle(start, check: (before, step) =>
            !Makes(before, step, out var key) || !before.Containers.Keys.Any(there => there.Instance == key.Instance)) is not null);

    [Fact]
    public void One_that_stops_first_is_made_only_when_no_other_of_its_replica_is_there() => Situations.Sample(start =>
        Settle(start, check: (before, step) =>
            !Makes(before, step, out var key) || !before.Wanted.First(w => w.Claims(key)).StopsFirst || !before.Containers.Keys.Any(key.SharesReplicaWith)) is not null);

    [Fact]
    public void One_that_leaves_is_never_made() => Situations.Sample(start =>
        Settle(start, check: (before, step) => !Makes(before, step, out var key) || !before.Wanted.First(w => w.Claims(key)).Leaves) is not null);

    [Fact]
    public void A_new_generation_is_made_beside_the_one_that_serves()
    {
        var (old, young) = (Key(1, "h1"), Key(2, "h2"));
        var situation = Situation([Wanted(old, PlacementRole.Serving), Wanted(young, PlacementRole.Starting)], (old, ContainerDuty.Run));
        AgentPlan.Next(situation).ShouldBe([new AgentStep.Care(young, ContainerDuty.Run)]);
    }

    [Fact]
    public void One_that_leaves_is_known_by_its_instance_whatever_it_is_made_of()
    {
        var there = Key(1, "hash of an older version");
        AgentPlan.Next(Situation([Wanted(Key(1, "h1"), PlacementRole.Draining)], (there, ContainerDuty.Run))).ShouldBe([new AgentStep.Care(there, ContainerDuty.Keep)]);
        AgentPlan.Next(Situation([Wanted(Key(1, "h1"), PlacementRole.Retiring)], (there, ContainerDuty.Keep))).ShouldBe([new AgentStep.Care(there, ContainerDuty.Drain)]);
        AgentPlan.Next(Situation([Wanted(Key(1, "h1"), PlacementRole.Retiring, stopsFirst: true)], (there, ContainerDuty.Run))).ShouldBe([new AgentStep.Care(there, ContainerDuty.Retire)]);
    }

    [Fact]
    public void One_that_drains_is_removed_at_once_when_nobody_wants_its_service_any_more() =>
        AgentPlan.Next(Situation([], (Key(1, "h"), ContainerDuty.Drain))).ShouldBe([new AgentStep.Care(Key(1, "h"), ContainerDuty.Retire)]);

    [Fact]
    public void Without_an_assignment_nothing_is_touched_and_when_nothing_is_there_it_is_over() =>
        Situations.Sample(situation =>
            AgentPlan.Next(situation with { Assigned = false }).SequenceEqual(situation is { Containers.IsEmpty: true, Network: false } ? [AgentStep.Finish.Instance] : []));

    [Fact]
    public void The_network_goes_after_the_last_container_and_comes_before_the_first()
    {
        var key = Key(1, "h");
        AgentPlan.Next(Situation([], (key, ContainerDuty.Retire))).ShouldBeEmpty();
        AgentPlan.Next(Situation([])).ShouldBe([AgentStep.RemoveNetwork.Instance]);
        AgentPlan.Next(Situation([Wanted(key)]) with { Network = false }).ShouldBe([AgentStep.EnsureNetwork.Instance]);
        AgentPlan.Next(Situation([Wanted(key, PlacementRole.Retiring)]) with { Network = false }).ShouldBeEmpty();
    }

    private static ContainerKey Key(long generation, string hash) => new(new InstanceId(Shop, ServiceName.Parse("s0"), 0, generation), hash);

    private static WantedContainer Wanted(ContainerKey key, PlacementRole role = PlacementRole.Serving, bool stopsFirst = false) => new(key, role, AnySpec, stopsFirst);

    private static AgentSituation Situation(ImmutableArray<WantedContainer> wanted, params (ContainerKey Key, ContainerDuty Duty)[] there) =>
        new(true, wanted, there.ToImmutableDictionary(t => t.Key, t => t.Duty), true);

    private static bool Makes(AgentSituation before, AgentStep step, out ContainerKey key)
    {
        key = step is AgentStep.Care care ? care.Key : Key(0, "");
        return step is AgentStep.Care && !before.Containers.ContainsKey(key);
    }

    private static AgentSituation Settle(AgentSituation situation, Action<AgentStep>? onStep = null, Func<AgentSituation, AgentStep, bool>? check = null)
    {
        for (var round = 0; round < 20; round++)
        {
            // What is being removed is gone by the next round.
            situation = situation with { Containers = situation.Containers.RemoveRange(situation.Containers.Where(c => c.Value >= ContainerDuty.Drain).Select(c => c.Key)) };
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
        AgentStep.Care care => situation with { Containers = situation.Containers.SetItem(care.Key, care.Duty) },
        AgentStep.EnsureNetwork => situation with { Network = true },
        AgentStep.RemoveNetwork => situation with { Network = false },
        _ => situation,
    };
}
