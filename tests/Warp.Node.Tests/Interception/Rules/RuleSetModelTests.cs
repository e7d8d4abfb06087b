using CsCheck;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Interception.Rules;
using Warp.Node.Tests.Interception.Bed;
using Xunit;

namespace Warp.Node.Tests.Interception.Rules;

public sealed class RuleSetModelTests
{
    [Fact]
    public void Services_here_are_targets_of_the_kernel_and_all_services_are_known()
    {
        var model = Model(Routes.Of(RunnerBed.Shop));

        Render(model, SetSchema.Bridges).ShouldBe(["warp-t1"]);
        model[SetSchema.Services].Select(element => element.Address.ToString()).ShouldBe(["10.201.0.1", "10.201.0.2", "10.201.0.3"], ignoreOrder: true);
        model[SetSchema.LocalTargets].ShouldBe([Local("10.201.0.1", "10.208.1.2"), Local("10.201.0.2", "10.208.1.3")], ignoreOrder: true);
        model[SetSchema.Callers].Count.ShouldBe(2);
        model[SetSchema.CallerAddresses].ShouldContain(new SetElement("", Ipv4Address.Parse("10.208.1.2"), Value: Ipv4Address.Parse("10.201.0.1")));
    }

    [Fact]
    public void The_only_instance_that_serves_and_is_ready_is_the_kernels_target_and_each_container_is_a_caller()
    {
        var model = Model(Routes.Of(Routes.Deployment("shop", "warp-t1", "10.208.1.0/24", Routes.Service("app", "10.201.0.1", [
            Routes.Instance("app", 0, Routes.Self, "10.208.1.2", generation: 1, PlacementRole.Draining),
            Routes.Instance("app", 0, Routes.Self, "10.208.1.3", generation: 2),
            Routes.Instance("app", 1, Routes.Self, "10.208.1.4", generation: 1, ready: false),
            Routes.Instance("app", 1, Routes.Self, "10.208.1.5", generation: 2, PlacementRole.Starting),
            Routes.Instance("app", 2, Routes.Self, "10.208.1.6", generation: 1, PlacementRole.Retiring),
            Routes.Instance("app", 3, Routes.Self, null),
        ]))));

        model[SetSchema.LocalTargets].ShouldBe([Local("10.201.0.1", "10.208.1.3")]);
        model[SetSchema.Callers].Count.ShouldBe(5);
        model[SetSchema.CallerAddresses].Count.ShouldBe(5);
    }

    [Fact]
    public void A_choice_of_instances_and_none_at_all_are_left_to_the_relay()
    {
        var two = Routes.Deployment("shop", "warp-t1", "10.208.1.0/24", Routes.Here("app", "10.201.0.1", "10.208.1.2", "10.208.1.3"));
        Model(Routes.Of(two))[SetSchema.LocalTargets].ShouldBeEmpty();

        var starting = Routes.Service("app", "10.201.0.1", [Routes.Instance("app", 0, Routes.Self, "10.208.1.2", ready: false)]);
        var model = Model(Routes.Of(Routes.Deployment("shop", "warp-t1", "10.208.1.0/24", starting)));
        model[SetSchema.LocalTargets].ShouldBeEmpty();
        model[SetSchema.Services].Count.ShouldBe(1);
    }

    [Fact]
    public void An_address_outside_the_bridges_subnet_gets_no_way()
    {
        var model = Model(Routes.Of(Routes.Deployment("shop", "warp-t1", "10.208.1.0/24", Routes.Here("app", "10.201.0.1", "10.208.2.2"))));

        model[SetSchema.Callers].ShouldBeEmpty();
        model[SetSchema.LocalTargets].ShouldBeEmpty();
    }

    [Fact]
    public void A_deployment_without_a_bridge_has_nothing_to_guard_yet() =>
        Model(Routes.Of(RunnerBed.Shop with { Bridge = null }))[SetSchema.Services].ShouldBeEmpty();

    [Fact]
    public void No_key_has_two_values_and_no_way_leaves_its_bridge() =>
        RandomRoutes.Any.Select(Model).Sample(model =>
            SetSchema.All.All(set => model[set].Select(Key).Distinct().Count() == model[set].Count)
            && model[SetSchema.LocalTargets].All(target => model[SetSchema.Callers].Contains(new SetElement(target.Interface, target.Value)))
            && model[SetSchema.LocalTargets].All(target => model[SetSchema.Services].Contains(new SetElement(target.Interface, target.Address)))
            && model[SetSchema.Callers].Select(caller => caller.Address).ToHashSet().SetEquals(model[SetSchema.CallerAddresses].Select(caller => caller.Address)));

    [Fact]
    public void After_any_sequence_of_changes_the_model_is_the_one_built_from_nothing_and_each_difference_is_exact() =>
        Gen.Select(RandomRoutes.Sequence, Gen.Int[0, 6].Select(number => $"warp-t{number}").Array[0, 3].Array[12]).Sample((snapshots, hostBridges) =>
        {
            var kept = RuleSetModel.Empty;
            var inForce = SetSchema.All.Select(_ => new HashSet<SetElement>()).ToList();
            foreach (var (routes, bridges) in snapshots.Zip(hostBridges))
            {
                var next = kept.Next(routes, bridges);
                foreach (var change in RuleSetDelta.Between(kept, next).Changes)
                {
                    (change.Removed.All(inForce[change.Set.Index].Remove) && change.Added.All(inForce[change.Set.Index].Add)).ShouldBeTrue();
                }

                var anew = RuleSetModel.Empty.Next(routes, bridges);
                SetSchema.All.ShouldAllBe(set => next[set].SetEquals(anew[set]) && inForce[set.Index].SetEquals(anew[set]));
                kept = next;
            }
        });

    [Fact]
    public void What_did_not_change_is_taken_over()
    {
        var before = Model(Routes.Of(RunnerBed.Shop, RunnerBed.Blog));
        var after = before.Next(Routes.Of(RunnerBed.Shop with { Bridge = null }, RunnerBed.Blog), []);

        after.PartsNotIn(before).SelectMany(part => part[SetSchema.Bridges]).ShouldBeEmpty();
        before.PartsNotIn(after).SelectMany(part => part[SetSchema.Bridges]).Select(bridge => bridge.Interface).ShouldBe([RunnerBed.Shop.Bridge!.InterfaceName]);
    }

    [Fact]
    public void Of_two_deployments_that_claim_one_bridge_the_first_has_it_and_the_other_gets_it_when_the_first_is_gone()
    {
        var first = Routes.Deployment("a", "warp-t1", "10.208.1.0/24", Routes.Here("app", "10.201.0.1", "10.208.1.2"));
        var second = Routes.Deployment("b", "warp-t1", "10.208.2.0/24", Routes.Here("app", "10.201.0.1", "10.208.2.2"));

        var both = Model(Routes.Of(second)).Next(Routes.Of(first, second), []);
        both[SetSchema.LocalTargets].ShouldBe([Local("10.201.0.1", "10.208.1.2")]);
        both.Next(Routes.Of(second), [])[SetSchema.LocalTargets].ShouldBe([Local("10.201.0.1", "10.208.2.2")]);
    }

    private static SetElement Key(SetElement element) => element with { Value = default };

    private static IEnumerable<string> Render(RuleSetModel model, SetSchema set) => model[set].Select(element => element.Interface);

    private static RuleSetModel Model(RunnerRoutes routes) => RuleSetModel.Empty.Next(routes, []);

    private static SetElement Local(string ist, string container) => new("warp-t1", Ipv4Address.Parse(ist), Value: Ipv4Address.Parse(container));
}
