using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Failure;

/// <summary>What breaks around the node is put right by the node, which says so in its log.</summary>
[Collection(LabGroup.Name)]
public sealed class HealingTests(LabFixture lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_killed_container_is_started_again()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var from = (await pair.Db.Runner.Node.ReadLogAsync()).Length;

        (await pair.Db.Runner.DockerAsync("kill", pair.Db.Id)).Ensure();

        await pair.WaitHealedAsync(Patience);
        await ShouldSayAsync(pair.Db.Runner, from, $"{pair.Name}/db#0@1 does not run: it was killed by signal 9");
        await ShouldSayAsync(pair.Db.Runner, from, $"{pair.Name}/db#0@1 runs again");
    }

    [Fact]
    public async Task A_restarted_engine_runs_everything_again()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var from = (await lab.R2.Node.ReadLogAsync()).Length;

        await lab.R2.Engine.StopDaemonAsync();
        await lab.R2.Engine.StartDaemonAsync();

        await pair.WaitHealedAsync(Patience);
        await ShouldSayAsync(lab.R2, from, "The container engine does not answer");
        await ShouldSayAsync(lab.R2, from, "The container engine answers");
        await ShouldSayAsync(lab.R2, from, $"{pair.Name}/db#0@1 runs again");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Flushed_rules_are_restored(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        var from = (await lab.R1.Node.ReadLogAsync()).Length;
        var silent = pair.AppToDbAsync("idle", PeerPair.Port, "6");
        await pair.WaitConnectedAsync();

        (await lab.R1.Machine.RunAsync(["nft", "flush", "ruleset"])).Ensure();

        await pair.WaitReachableAsync(Patience);
        (await silent).Detail.ShouldBe("before and after");
        await ShouldSayAsync(lab.R1, from, "the nftables table 'inet warp' was gone");

        // The engine's own rules went with ours, and only the engine can make them anew: without them it makes no network for the next test.
        await lab.R1.Engine.StopDaemonAsync();
        await lab.R1.Engine.StartDaemonAsync();
        await pair.WaitHealedAsync(Patience);
    }

    [Fact]
    public async Task A_cable_that_was_pulled_and_plugged_in_again_needs_no_hand()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var before = await pair.ContainersAsync();

        await lab.Lab.Network.CutOffAsync(lab.R2.Machine);
        (await pair.AppToDbAsync("echo", PeerPair.Port, "through the void")).Ok.ShouldBeFalse();
        await lab.Lab.Network.HealAsync(lab.R2.Machine);

        await pair.WaitReachableAsync(Patience);
        (await pair.ContainersAsync()).ShouldBe(before);
    }

    private static Task ShouldSayAsync(LabRunner runner, int from, string what) => Poll.UntilAsync(
        $"the log of {runner.Name} says '{what}'",
        TimeSpan.FromSeconds(20),
        async () => (await runner.Node.ReadLogAsync())[from..].Contains(what, StringComparison.OrdinalIgnoreCase));
}
