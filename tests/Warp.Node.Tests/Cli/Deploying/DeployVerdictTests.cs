using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Cli.Deploying;
using Warp.Node.Http.Documents;
using Xunit;

namespace Warp.Node.Tests.Cli.Deploying;

public sealed class DeployVerdictTests
{
    [Fact]
    public void It_is_up_when_every_instance_runs() => Of([Instance(InstancePhase.Running)], [Instance(InstancePhase.Running)]).ShouldBe(new DeployVerdict(true, null));

    [Fact]
    public void It_is_not_up_while_a_service_is_placed_nowhere() => Of([Instance(InstancePhase.Running)], []).ShouldBe(new DeployVerdict(false, null));

    [Theory]
    [InlineData(InstancePhase.Pending)]
    [InlineData(InstancePhase.Pulling)]
    [InlineData(InstancePhase.Starting)]
    public void It_waits_for_what_is_on_its_way(InstancePhase phase) => Of([Instance(phase)]).ShouldBe(new DeployVerdict(false, null));

    [Fact]
    public void A_container_that_cannot_be_made_is_a_failure() => Of([Instance(InstancePhase.BackingOff, container: null)]).Failure.ShouldNotBeNull();

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void A_container_that_ends_again_and_again_is_a_failure(int restarts, bool failed) =>
        (Of([Instance(InstancePhase.BackingOff, restarts: restarts)]).Failure is not null).ShouldBe(failed);

    [Fact]
    public void A_change_by_somebody_else_ends_the_waiting() =>
        DeployVerdict.Of(Document([Instance(InstancePhase.Running)]) with { Revision = 2 }, 1).Failure.ShouldNotBeNull().ShouldContain("somebody else");

    [Fact]
    public void It_is_not_up_while_a_runner_is_not_heard_of() =>
        Of([Instance(InstancePhase.Running) with { RunnerReachable = false }]).ShouldBe(new DeployVerdict(false, null));

    [Fact]
    public void A_failure_from_before_does_not_end_the_waiting_for_a_second_try() =>
        DeployVerdict.Of(Document([Instance(InstancePhase.BackingOff, container: null)]), 1, failuresMayBeOld: true).ShouldBe(new DeployVerdict(false, null));

    [Fact]
    public void A_rollout_that_was_rolled_back_is_a_failure_with_its_reason() =>
        DeployVerdict.Of(Document([Instance(InstancePhase.Running)]) with { Revision = 2, Rollout = RolloutState.Progressing, Outcome = "app is not ready" }, 1)
            .Failure.ShouldNotBeNull().ShouldContain("app is not ready");

    [Fact]
    public void A_new_instance_that_fails_beside_the_old_one_is_left_to_the_cluster() =>
        Of([Instance(InstancePhase.Running), Instance(InstancePhase.BackingOff, container: null) with { Role = PlacementRole.Starting }]).ShouldBe(new DeployVerdict(false, null));

    private static DeployVerdict Of(params ImmutableArray<InstanceDocument>[] services) => DeployVerdict.Of(Document(services), 1);

    private static DeploymentDocument Document(params ImmutableArray<InstanceDocument>[] services) => new(
        "shop", "default", "default", 1, Removing: false, Changed: null,
        [.. services.Select((instances, index) => new ServiceDocument($"s{index}", "image", "10.201.0.1", 8080, null, instances))]);

    private static InstanceDocument Instance(InstancePhase phase, string? container = "c", int restarts = 0) =>
        new(0, 1, "r1", RunnerReachable: true, phase, container, null, null, restarts, null, phase == InstancePhase.BackingOff ? "it ended" : null,
            Failure: phase != InstancePhase.BackingOff ? null : container is null ? InstanceFailure.CannotStart : restarts > 2 ? InstanceFailure.CrashLoop : InstanceFailure.Ended);
}
