using Shouldly;
using Warp.Cluster.Hosting;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class ControlPlaneProblemsTests
{
    private static readonly ControlNodeStanding Good = new(InCluster: true, 3, SharesJournal: true);
    private static readonly ControlPlaneOptions Three = new(3) { SharesJournal = true };

    [Fact]
    public void One_of_one_is_well() => ControlPlaneProblems.Of(new ControlPlaneOptions(1), 1, Others()).ShouldBeEmpty();

    [Fact]
    public void Three_of_three_are_well() => ControlPlaneProblems.Of(Three, 3, Others(Good, Good)).ShouldBeEmpty();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_are_no_improvement(int wanted) =>
        ControlPlaneProblems.Of(Three with { ControlNodes = wanted }, 2, Others(Good with { ControlNodes = wanted })).ShouldHaveSingleItem().ShouldContain("no improvement over one");

    [Fact]
    public void Two_of_three_say_what_one_more_loss_means() =>
        ControlPlaneProblems.Of(Three, 2, Others(Good)).ShouldHaveSingleItem().ShouldContain("if one more is lost, nothing can be deployed");

    [Fact]
    public void Four_of_five_only_say_that_one_is_missing() =>
        ControlPlaneProblems.Of(Three with { ControlNodes = 5 }, 4, Others(Good with { ControlNodes = 5 })).ShouldHaveSingleItem().ShouldBe("4 of 5 control nodes can be reached; start the missing one");

    [Fact]
    public void A_setting_that_was_left_behind_is_named() =>
        ControlPlaneProblems.Of(Three with { ControlNodes = 1 }, 3, Others(Good with { ControlNodes = 1 }, Good with { ControlNodes = 1 })).ShouldHaveSingleItem().ShouldContain("set it to 3 on each of them");

    [Fact]
    public void A_control_node_with_another_setting_is_named() =>
        ControlPlaneProblems.Of(Three, 3, Others(Good, Good with { ControlNodes = 1 })).ShouldHaveSingleItem().ShouldContain("3 here and 1 on the control node at c1:4053");

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Journals_of_their_own_are_an_error(bool here, bool there) =>
        ControlPlaneProblems.Of(Three with { SharesJournal = here }, 3, Others(Good, Good with { SharesJournal = there })).ShouldHaveSingleItem().ShouldContain("each would have deployments of its own");

    private static Dictionary<string, ControlNodeStanding> Others(params ControlNodeStanding[] standings) =>
        standings.Select((standing, i) => (standing, i)).ToDictionary(pair => $"c{pair.i}:4053", pair => pair.standing, StringComparer.Ordinal);
}
