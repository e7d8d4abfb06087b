using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.EndToEnd.Tests.Rollouts;
using Warp.Lab;
using Warp.TestPeer;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Upgrades;

/// <summary>One node after the other is stopped as its service manager would, and another version of the program is started on the same data, while connections are made all the time.</summary>
public sealed class RollingUpgradeTests(EarlierProgram lab, ITestOutputHelper output) : IClassFixture<EarlierProgram>
{
    private const int Some = WebDeployment.PerSecond;

    [Fact]
    public async Task One_node_after_the_other_is_upgraded_and_no_connection_is_lost_that_ends_within_its_time()
    {
        // The caller of both is on r1: one connects here, the other across.
        await using var here = await WebDeployment.StartAsync(lab, "upgraded-here", "r1");
        await using var across = await WebDeployment.StartAsync(lab, "upgraded-across", "r2");
        await using var local = await PeerPair.StartAsync(lab, "r2", "r2");
        await using var remote = await PeerPair.StartAsync(lab, "r1", "r2");
        var containers = await local.ContainersAsync() + await remote.ContainersAsync();

        // The runner first: its node and the control node are of two versions then.
        var open = local.AppToDbAsync("busy", PeerPair.Port, "20");
        await UpgradeAsync("r2", remote);
        Result(await open);
        await TwoVersionsWorkTogetherAsync(here, across);
        await UpgradeAsync("r1", remote);
        await across.MoveAsync("r1");
        await across.MoveAsync("r2");

        (await local.ContainersAsync() + await remote.ContainersAsync()).ShouldBe(containers, "nothing was restarted");
        await NoneFailedAsync(here, "on one runner");
        await NoneFailedAsync(across, "between two");
    }

    /// <summary>What is open across ends by itself within its time; what does not ends with a reset, and only then.</summary>
    private async Task UpgradeAsync(string runner, PeerPair remote)
    {
        var (brief, endless) = (remote.AppToDbAsync("busy", PeerPair.Port, "3"), remote.AppToDbAsync("busy", PeerPair.Port, "600"));
        await Poll.UntilAsync("both are open", TimeSpan.FromSeconds(30), async () => await remote.Db.CountConnectionsAsync(int.Parse(PeerPair.Port, null)) >= 2);
        var node = lab.Lab[runner].Node;
        var stopped = node.StopAsync();
        if (lab.LeavesWell)
        {
            Result(await brief);
            endless.IsCompleted.ShouldBeFalse("its time is not over yet");
        }

        (await stopped).ShouldBe(0);
        (await endless).Ok.ShouldBeFalse("what does not end by itself is ended");

        node.Assembly = lab.Today;
        await node.StartAsync();
        await node.WaitReadyAsync();
        await remote.WaitReachableAsync(TimeSpan.FromSeconds(60));
    }

    private async Task TwoVersionsWorkTogetherAsync(WebDeployment here, WebDeployment across)
    {
        await Poll.UntilAsync("two versions are there", TimeSpan.FromSeconds(60), async () =>
            JsonDocument.Parse((await lab.R1.WarpAsync("runners", "--json")).Ensure().Output).RootElement.GetProperty("runners").EnumerateArray()
                .Select(one => one.GetProperty("version").GetString()).Distinct(StringComparer.Ordinal).Count() == 2);
        await here.DeployAsync("v2");
        await across.DeployAsync("v2");
        await across.MoveAsync("r1");
        await across.MoveAsync("r2");
        await NoneFailedAsync(across, "while two versions work together");
    }

    private async Task NoneFailedAsync(WebDeployment web, string where)
    {
        var counts = await web.AwaitAnswersAsync(Some);
        if (lab.LeavesWell)
        {
            counts.Failed.ShouldBe(0, $"{where}: {counts.FirstFailure}");
        }

        output.WriteLine($"{where}: {counts.Asked} connections, {counts.Failed} failed, the slowest took {counts.SlowestMilliseconds} ms");
    }

    private static void Result(PeerResult result) => result.Ok.ShouldBeTrue(result.Detail);
}
