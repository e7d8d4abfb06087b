using Shouldly;
using Warp.Cluster.Hosting;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class FoundingRuleTests
{
    private static readonly ControlNodeStanding Outside = new(InCluster: false, 3, SharesJournal: true);
    private static readonly ControlNodeStanding Inside = Outside with { InCluster = true };
    private static readonly ControlPlaneOptions Founder = new(3) { Founder = true };

    [Fact]
    public void More_than_half_without_a_cluster_may_form_one() => FoundingRule.MayForm(Founder, [Outside]).ShouldBeTrue();

    [Fact]
    public void Alone_the_founder_may_not() => FoundingRule.MayForm(Founder, []).ShouldBeFalse();

    [Fact]
    public void One_that_is_in_a_cluster_is_joined_instead() => FoundingRule.MayForm(Founder, [Outside, Inside]).ShouldBeFalse();

    [Fact]
    public void Only_the_founder_may() => FoundingRule.MayForm(Founder with { Founder = false }, [Outside, Outside]).ShouldBeFalse();

    [Fact]
    public void Of_five_three_have_to_agree() =>
        (FoundingRule.MayForm(Founder with { ControlNodes = 5 }, [Outside]), FoundingRule.MayForm(Founder with { ControlNodes = 5 }, [Outside, Outside])).ShouldBe((false, true));
}
