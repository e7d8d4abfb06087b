using System.Collections.Immutable;
using CsCheck;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class DeploymentDeciderTests
{
    private static readonly RunnerDirectory Both = Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2));
    private static readonly DeploymentSpec AppAndDb = Sample.Spec(Sample.Service("app"), Sample.Service("db"));
    private static readonly DeploymentState Placed = After(DeploymentState.Initial(Sample.Shop), AppAndDb);

    [Fact]
    public void New_services_are_spread_over_the_runners() =>
        Places(Placed).ShouldBe(["app#0@1 r1", "db#0@1 r2"]);

    [Fact]
    public void The_same_wish_again_changes_nothing() =>
        Apply(Placed, Sample.Spec(Sample.Service("app"), Sample.Service("db"))).Events.ShouldBeEmpty();

    [Fact]
    public void A_changed_service_gets_a_new_generation_where_it_is_and_the_others_keep_theirs() =>
        Places(After(Placed, Sample.Spec(Sample.Service("app"), Sample.Service("db", "image:2")))).ShouldBe(["app#0@1 r1", "db#0@2 r2"]);

    [Fact]
    public void A_change_that_needs_no_new_container_makes_none() =>
        Places(After(Placed, Sample.Spec(Sample.Service("app", runner: Sample.R1), Sample.Service("db") with { StopGraceSeconds = 1 }))).ShouldBe(["app#0@1 r1", "db#0@1 r2"]);

    [Fact]
    public void A_service_moves_when_its_spec_names_another_runner() =>
        Places(After(Placed, Sample.Spec(Sample.Service("app", runner: Sample.R2), Sample.Service("db")))).ShouldBe(["app#0@2 r2", "db#0@1 r2"]);

    [Fact]
    public void Other_labels_mean_new_containers_for_all() =>
        Places(After(Placed, AppAndDb with { Environment = "test" })).ShouldBe(["app#0@2 r1", "db#0@2 r2"]);

    [Fact]
    public void A_service_that_comes_back_has_its_address_and_a_higher_generation()
    {
        var without = After(Placed, Sample.Spec(Sample.Service("app")));
        var with = After(without, Sample.Spec(Sample.Service("cache"), Sample.Service("db"), Sample.Service("app")));
        with.Services.Select(s => $"{s.Service} {s.IstAddress}").ShouldBe(["cache 10.201.0.3", "db 10.201.0.2", "app 10.201.0.1"]);
        with.Services[1].Placements.Single().Placement.Generation.ShouldBe(2);
    }

    [Fact]
    public void An_unknown_runner_is_refused_by_a_directory_that_has_settled_and_waited_for_by_one_that_has_not()
    {
        var wish = Sample.Spec(Sample.Service("app"), Sample.Service("db", runner: RunnerId.Parse("r9")));
        var problem = Apply(Placed, wish).Problems.ShouldHaveSingleItem();
        (problem.Field, problem.Message.Contains("known are r1, r2", StringComparison.Ordinal)).ShouldBe(("services[1].runner", true));

        var early = DeploymentDecider.Apply(DeploymentState.Initial(Sample.Shop), wish, Both with { Settled = false }, Sample.Range);
        Places(Replay(DeploymentState.Initial(Sample.Shop), early.Events)).ShouldBe(["app#0@1 r1"]);
    }

    [Fact]
    public void A_full_address_range_refuses_the_wish_and_names_the_service() =>
        DeploymentDecider.Apply(DeploymentState.Initial(Sample.Shop), Sample.Spec([.. "abc".Select(c => Sample.Service($"{c}"))]), Both, Ipv4Range.Parse("10.0.0.0/30"))
            .Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                problem => problem.Field.ShouldBe("services[2]"),
                problem => problem.Message.ShouldContain("10.0.0.0/30 has no address left for the service 'c'"));

    [Fact]
    public void A_runner_is_released_only_by_a_report_that_is_not_late_and_shows_nothing()
    {
        var moved = After(Placed, Sample.Spec(Sample.Service("app", runner: Sample.R2), Sample.Service("db")));
        var old = Sample.Running(new InstanceId(Sample.Shop, Sample.Name("app"), 0, 1));
        DeploymentDecider.Observe(moved, new RunnerReport(Sample.Shop, Sample.R1, Placed.Version, [])).Events.ShouldBeEmpty();
        DeploymentDecider.Observe(moved, new RunnerReport(Sample.Shop, Sample.R1, moved.Version, [old])).Events.ShouldBeEmpty();
        DeploymentDecider.Observe(moved, new RunnerReport(Sample.Shop, Sample.R2, moved.Version, [])).Events.ShouldBeEmpty();
        DeploymentDecider.Observe(moved, new RunnerReport(Sample.Shop, Sample.R1, moved.Version, [])).Events.ShouldBe([new RunnerReleased(Sample.R1)]);
    }

    [Fact]
    public void A_deployment_without_any_placement_is_removed_at_once()
    {
        var waiting = Replay(
            DeploymentState.Initial(Sample.Shop), DeploymentDecider.Apply(DeploymentState.Initial(Sample.Shop), AppAndDb, RunnerDirectory.Empty, Sample.Range).Events);
        Replay(waiting, DeploymentDecider.Remove(waiting).Events).IsRemoved.ShouldBeTrue();
    }

    [Fact]
    public void A_wish_during_a_removal_ends_the_removal_with_new_containers()
    {
        var removing = Replay(Placed, DeploymentDecider.Remove(Placed).Events);
        DeploymentPlan.Assignment(removing).Removed.ShouldBeTrue();
        var again = After(removing, AppAndDb);
        Places(again).ShouldBe(["app#0@2 r1", "db#0@2 r2"]);
        again.Version.ShouldBeGreaterThan(removing.Version);
    }

    /// <summary>Any story of wishes, removals, reports and changes of the directory.</summary>
    [Fact]
    public void In_every_story_generations_and_versions_rise_addresses_stay_and_a_replay_gives_the_same_state() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 25].Sample(story =>
        {
            var initial = DeploymentState.Initial(Sample.Shop);
            var state = initial;
            var journal = new List<IDeploymentEvent>();
            var generations = new Dictionary<ServiceName, (long Generation, Placement Placement)>();
            foreach (var (kind, services, image, runners) in story)
            {
                var directory = Sample.Directory([.. new[] { Sample.R1, Sample.R2 }.Where((_, i) => (runners & (1 << i)) != 0).Select(runner => Sample.Runner(runner))]);
                var decision = kind switch
                {
                    0 => DeploymentDecider.Apply(state, Wish(services, image), directory, Sample.Range),
                    1 => DeploymentDecider.Remove(state),
                    2 => DeploymentDecider.PlaceWaiting(state, directory),
                    _ => DeploymentDecider.Observe(state, new RunnerReport(Sample.Shop, image == 0 ? Sample.R1 : Sample.R2, state.Version, [])),
                };
                var next = Replay(state, decision.Events);
                journal.AddRange(decision.Events);
                Check(state, next, generations);
                state = next;
            }

            Same(Replay(initial, [.. journal]), state).ShouldBeTrue();
            DeploymentPlan.Assignment(state).Removed.ShouldBe(!state.IsWanted);
        });

    private static void Check(DeploymentState before, DeploymentState after, Dictionary<ServiceName, (long Generation, Placement Placement)> generations)
    {
        after.Version.ShouldBeGreaterThanOrEqualTo(before.Version);
        if (!Same(DeploymentPlan.Assignment(before), DeploymentPlan.Assignment(after)))
        {
            after.Version.ShouldBeGreaterThan(before.Version);
        }

        after.Services.Select(s => s.IstAddress).Distinct().Count().ShouldBe(after.Services.Length);
        foreach (var service in after.Services)
        {
            (before.Services.FirstOrDefault(s => s.Service == service.Service)?.IstAddress ?? service.IstAddress).ShouldBe(service.IstAddress);
            foreach (var placement in service.Placements.Select(p => p.Placement))
            {
                after.Runners.ShouldContain(placement.Runner);
                var (last, known) = generations.GetValueOrDefault(service.Service);
                if (placement != known)
                {
                    placement.Generation.ShouldBe(last + 1);
                    generations[service.Service] = (placement.Generation, placement);
                }
            }
        }
    }

    private static DeploymentSpec Wish(int services, int image) => Sample.Spec(
    [
        Sample.Service("app"),
        .. new[] { "db", "cache" }.Where((_, i) => (services & (1 << i)) != 0).Select(name => Sample.Service(name, $"image:{image}")),
    ]);

    private static Decision Apply(DeploymentState state, DeploymentSpec wish) => DeploymentDecider.Apply(state, wish, Both, Sample.Range);

    private static DeploymentState After(DeploymentState state, DeploymentSpec wish)
    {
        var decision = Apply(state, wish);
        decision.Problems.ShouldBeEmpty();
        return Replay(state, decision.Events);
    }

    private static DeploymentState Replay(DeploymentState state, ImmutableArray<IDeploymentEvent> events) => events.Aggregate(state, (current, @event) => current.Apply(@event));

    private static List<string> Places(DeploymentState state) =>
        [.. state.Services.SelectMany(s => s.Placements).Select(p => $"{p.Service}#{p.Placement.Ordinal}@{p.Placement.Generation} {p.Placement.Runner}")];

    private static bool Same(IWarpMessage left, IWarpMessage right) => string.Equals(Sample.Json(left), Sample.Json(right), StringComparison.Ordinal);
}
