using CsCheck;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class BackOffTests
{
    [Fact]
    public void A_container_s_restarts_wait_not_at_all_then_a_second_doubling_to_a_minute()
    {
        var life = ContainerLife.Begin(new ContainerKey(new InstanceId(DeploymentName.Parse("d"), ServiceName.Parse("s"), 0, 1), "h"), null, InstancePhase.Pending);
        var delays = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            life = life.Ended("exit", DateTimeOffset.UnixEpoch);
            delays.Add(life.Delay(new ContainerOptions().Restart).TotalSeconds);
        }

        delays.ShouldBe([0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }

    [Fact]
    public void Delays_never_shrink_and_stay_within_their_bounds_whatever_the_number() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 1000], Gen.Int[0, int.MaxValue - 1], Gen.Double[0, 1]).Sample((first, factor, failures, chance) =>
        {
            var backOff = new BackOff(TimeSpan.FromMilliseconds(first), TimeSpan.FromMilliseconds((long)first * factor));
            var delay = backOff.After(failures);
            return delay >= TimeSpan.Zero
                && delay <= backOff.Longest
                && delay <= backOff.After(failures + 1)
                && (failures == 0 ? delay == TimeSpan.Zero : delay >= backOff.First)
                && backOff.After(failures, chance) <= delay
                && backOff.After(failures, chance) >= delay * 0.74;
        });
}
