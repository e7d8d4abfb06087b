using System.Collections.Immutable;
using System.Globalization;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class DrainPaceTests
{
    private static readonly RunnerDrains R2 = RunnerDrains.None.With(new RunnerDrain(Sample.R2, 300, Sample.Noon));

    private static ImmutableDictionary<MakeWay, DateTimeOffset> None => ImmutableDictionary<MakeWay, DateTimeOffset>.Empty;

    [Fact]
    public void A_few_services_leave_at_once_and_keep_their_turn_until_they_have_left()
    {
        var first = Next(None, 10);
        first.Count.ShouldBe(DrainPace.AtOnce);

        Next(first, 10, seconds: 30).ShouldBe(first, ignoreOrder: true);
        var left = first.Keys.First();
        var next = Next(first, 10, seconds: 30, left: left.Service);
        next.Count.ShouldBe(DrainPace.AtOnce);
        next.ShouldNotContainKey(left);
    }

    [Fact]
    public void One_that_does_not_become_ready_elsewhere_keeps_nobody_waiting_and_has_its_turn_again_after_the_others()
    {
        var stuck = Next(None, 10);
        var others = Next(stuck, 10, seconds: 61);
        others.Where(turn => turn.Value > Sample.Noon).Select(turn => turn.Key).ShouldNotContain(turn => stuck.ContainsKey(turn));

        Next(Next(others, 10, seconds: 122), 10, seconds: 183).Where(turn => turn.Value == Sample.Noon.AddSeconds(183)).ShouldContain(turn => stuck.ContainsKey(turn.Key));
    }

    [Fact]
    public void What_stays_is_on_another_runner_or_has_begun_to_leave_has_no_turn()
    {
        ImmutableArray<DeploymentView> deployments =
        [
            Deployment(
                Service("stays", Instance(Sample.R2) with { Stays = "its data is there" }),
                Service("elsewhere", Instance(Sample.R1)),
                Service("left", Instance(Sample.R2) with { Role = PlacementRole.Retiring })),
        ];

        DrainPace.Next(R2, deployments, None, Sample.Noon).ShouldBeEmpty();
    }

    private static ImmutableDictionary<MakeWay, DateTimeOffset> Next(ImmutableDictionary<MakeWay, DateTimeOffset> granted, int services, int seconds = 0, ServiceName? left = null)
    {
        var there = Enumerable.Range(0, services).Select(i => Service($"s{i.ToString(CultureInfo.InvariantCulture)}", Instance(Sample.R2))).Where(service => service.Service != left);
        return DrainPace.Next(R2, [Deployment([.. there])], granted, Sample.Noon.AddSeconds(seconds));
    }

    private static DeploymentView Deployment(params ServiceView[] services) => new(Sample.Shop, "demo", "production", 1, false, [.. services]);

    private static ServiceView Service(string name, InstanceView instance) => new(Sample.Name(name), "image:1", Ipv4Address.Parse("10.201.0.1"), null, [instance], null);

    private static InstanceView Instance(RunnerId runner) => new(0, 1, runner, true, null);
}
