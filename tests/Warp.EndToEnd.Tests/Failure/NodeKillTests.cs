using System.Diagnostics;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Failure;

/// <summary>A node process is killed and started again, as its service manager would.</summary>
[Collection(LabGroup.Name)]
public sealed class NodeKillTests(LabFixture lab)
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task A_killed_node_comes_back_and_no_container_notices(string victim)
    {
        await using var across = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        await using var local = await PeerPair.StartAsync(lab, victim, victim);
        var (acrossBefore, localBefore) = (await across.ContainersAsync(), await local.ContainersAsync());
        var busy = local.AppToDbAsync("busy", PeerPair.Port, "12");

        await lab.Lab[victim].Node.KillAsync();
        (await local.AppToDbAsync("echo", PeerPair.Port, "no node")).Detail.ShouldBe("no node", "on one runner, new connections need no node process");
        await lab.Lab[victim].Node.StartAsync();
        var clock = Stopwatch.StartNew();
        await across.WaitReachableAsync(Seconds);
        clock.Elapsed.ShouldBeLessThan(Seconds);
        await lab.Lab[victim].Node.WaitReadyAsync();

        var result = await busy;
        result.Ok.ShouldBeTrue(result.Detail);
        (await across.ContainersAsync()).ShouldBe(acrossBefore);
        (await local.ContainersAsync()).ShouldBe(localBefore);
    }

    [Fact]
    public async Task Deployments_are_still_there_after_the_control_node_was_killed()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);

        await lab.R1.Node.KillAsync();
        await lab.R1.Node.StartAsync();
        await lab.R1.Node.WaitReadyAsync();

        using var api = lab.Api();
        var state = await Poll.UntilAsync("the deployment is known", Seconds, () => api.FindAsync(pair.Name));
        state.Services.Select(service => service.IstAddress).ShouldBe([pair.App.IstAddress, pair.Db.IstAddress]);
        await Poll.UntilAsync("the deployment is listed", Seconds, async () =>
            (await api.GetAsync("/warp/v1/deployments")).Body.Contains(pair.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_leaves_its_containers_running_and_says_that_it_was_wanted()
    {
        await using var pair = await PeerPair.StartAsync(lab, "r2", "r2");
        var before = await pair.ContainersAsync();

        (await lab.R2.Node.StopAsync()).ShouldBe(0);
        (await pair.AppToDbAsync("echo", PeerPair.Port, "no node")).Detail.ShouldBe("no node");
        await lab.R2.Node.StartAsync();
        await lab.R2.Node.WaitReadyAsync();

        await pair.WaitHealedAsync(Seconds);
        (await pair.ContainersAsync()).ShouldBe(before);
    }
}
