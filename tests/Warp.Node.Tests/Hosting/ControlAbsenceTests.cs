using Shouldly;
using Warp.Node.Hosting;
using Xunit;

namespace Warp.Node.Tests.Hosting;

public sealed class ControlAbsenceTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void A_member_of_a_cluster_without_control_nodes_looks_for_another_one_after_a_while()
    {
        var absence = new ControlAbsence(_clock);
        absence.IsOver(member: true, controlNodes: 0).ShouldBeFalse();
        _clock.Forward(11);
        absence.IsOver(member: true, controlNodes: 0).ShouldBeFalse();
        _clock.Forward(1);
        absence.IsOver(member: true, controlNodes: 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_control_node_that_is_back_ends_it_and_who_is_in_no_cluster_has_lost_none(bool member, int controlNodes)
    {
        var absence = new ControlAbsence(_clock);
        absence.IsOver(member: true, controlNodes: 0).ShouldBeFalse();
        _clock.Forward(11);
        absence.IsOver(member, controlNodes).ShouldBeFalse();
        _clock.Forward(60);
        absence.IsOver(member: true, controlNodes: 0).ShouldBeFalse("it begins anew");
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public void Forward(int seconds) => _now += TimeSpan.FromSeconds(seconds);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
