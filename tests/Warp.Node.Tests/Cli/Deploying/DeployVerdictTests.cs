using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Cli.Deploying;
using Warp.Node.Http.Documents;
using Xunit;

namespace Warp.Node.Tests.Cli.Deploying;

public sealed class DeployVerdictTests
{
    [Theory]
    [InlineData(RolloutState.Progressing, false)]
    [InlineData(RolloutState.Completed, true)]
    [InlineData(RolloutState.RolledBack, true)]
    public void It_is_up_when_the_deployment_says_that_all_of_it_is_in_place(RolloutState rollout, bool up) =>
        DeployVerdict.Of(Document([Instance(InstancePhase.Running)]) with { Rollout = rollout }).ShouldBe(new DeployVerdict(up, null));

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
    public void A_failure_from_before_does_not_end_the_waiting_for_a_second_try() =>
        DeployVerdict.Of(Document([Instance(InstancePhase.BackingOff, container: null)]), failuresMayBeOld: true).ShouldBe(new DeployVerdict(false, null));

    [Fact]
    public void A_new_instance_that_fails_beside_the_old_one_is_left_to_the_cluster() =>
        Of([Instance(InstancePhase.Running), Instance(InstancePhase.BackingOff, container: null) with { Role = PlacementRole.Starting }]).ShouldBe(new DeployVerdict(false, null));

    private static DeployVerdict Of(params ImmutableArray<InstanceDocument>[] services) => DeployVerdict.Of(Document(services));

    private static DeploymentDocument Document(params ImmutableArray<InstanceDocument>[] services) => new(
        "shop", "default", "default", 1, Removing: false, Changed: null,
        [.. services.Select((instances, index) => new ServiceDocument($"s{index}", "image", "10.201.0.1", 8080, null, instances))]);

    private static InstanceDocument Instance(InstancePhase phase, string? container = "c", int restarts = 0) =>
        new(0, 1, "r1", RunnerReachable: true, phase, container, null, null, restarts, null, phase == InstancePhase.BackingOff ? "it ended" : null,
            Failure: phase != InstancePhase.BackingOff ? null : container is null ? InstanceFailure.CannotStart : restarts > 2 ? InstanceFailure.CrashLoop : InstanceFailure.Ended);
}
