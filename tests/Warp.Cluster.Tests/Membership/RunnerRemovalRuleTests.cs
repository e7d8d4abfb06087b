using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tests.Deployments;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class RunnerRemovalRuleTests
{
    private static readonly RunnerDirectory Both = Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2));

    [Fact]
    public void A_runner_without_instances_is_removed() => RunnerRemovalRule.Refusal(new RemoveRunner(Sample.R2), Both, Running()).ShouldBeNull();

    [Fact]
    public void A_runner_with_instances_is_kept_and_they_are_named_unless_it_is_forced()
    {
        RunnerRemovalRule.Refusal(new RemoveRunner(Sample.R1), Both, Running()).ShouldNotBeNull().ShouldContain("r1 has shop/app");
        RunnerRemovalRule.Refusal(new RemoveRunner(Sample.R1, Force: true), Both, Running()).ShouldBeNull();
    }

    [Fact]
    public void A_runner_that_nobody_has_heard_of_is_taken_for_a_typing_error_unless_it_is_forced()
    {
        var one = Sample.Directory(Sample.Runner(Sample.R1));

        RunnerRemovalRule.Refusal(new RemoveRunner(Sample.R2), one, []).ShouldNotBeNull().ShouldContain("no runner 'r2' has reported");
        RunnerRemovalRule.Refusal(new RemoveRunner(Sample.R2, Force: true), one, []).ShouldBeNull();
    }

    [Fact]
    public void The_one_that_holds_the_CA_is_never_removed()
    {
        var signer = Sample.Runner(Sample.R1);
        var directory = Sample.Directory(signer with { Status = signer.Status with { Certificates = new RunnerCertificates(Sample.Noon, null, 1, [], [], Signs: true) } });

        RunnerRemovalRule.Refusal(new RemoveRunner(Sample.R1, Force: true), directory, []).ShouldNotBeNull().ShouldContain("holds the cluster's CA");
    }

    [Fact]
    public void A_removal_ends_what_was_issued_by_a_clock_that_is_ahead_and_a_later_one_never_less()
    {
        var removal = RunnerRemovalRule.Of(Sample.R2, Both, Sample.Noon);
        var removed = RemovedRunners.None.With(removal);

        removed.Find(Sample.R2, Sample.Noon.AddMinutes(30).ToUnixTimeSeconds()).ShouldBe(removal);
        removed.Find(Sample.R2, removal.UpTo + 1).ShouldBeNull();
        removed.Find(Sample.R1, 0).ShouldBeNull();
        removed.With(removal with { UpTo = removal.UpTo - 1 }).ShouldBeSameAs(removed);
    }

    private static ImmutableArray<DeploymentView> Running() => [new DeploymentStory(Sample.R1).Deploy(Sample.Service("app")).Settle().View];
}
