using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Contract;

/// <summary>However a connection ends, both of its applications are told the truth: nobody takes what broke off for the end of the data.</summary>
[Collection(LabGroup.Name)]
public sealed class EndingTests(LabFixture lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Well below the time after which the relay takes a silent tunnel for dead (20 s).
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task A_node_killed_in_the_middle_of_a_transfer_is_a_reset_at_both_ends_in_both_directions(string victim)
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var transfers = await EndlessTransfers.BeginAsync(pair);

        await lab.Lab[victim].Node.KillAsync();
        (await transfers.AtTheClientAsync()).ShouldAllBe(end => IsError(end));
        await lab.Lab[victim].Node.StartAsync();
        await lab.Lab[victim].Node.WaitReadyAsync();
        await pair.WaitReachableAsync(Patience);

        (await transfers.AtTheServerAsync()).ShouldAllBe(end => IsError(end));
    }

    [Fact]
    public async Task A_cable_that_is_out_for_long_is_a_reset_at_both_ends_and_new_connections_work_when_it_is_back()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var transfers = await EndlessTransfers.BeginAsync(pair);

        await lab.Lab.Network.CutOffAsync(lab.R2.Machine);
        var atTheClient = await transfers.AtTheClientAsync();
        await lab.Lab.Network.HealAsync(lab.R2.Machine);

        atTheClient.ShouldAllBe(end => IsError(end));
        await pair.WaitReachableAsync(Patience);
        (await transfers.AtTheServerAsync()).ShouldAllBe(end => IsError(end));
    }

    [Fact]
    public async Task A_cable_that_is_out_for_a_moment_only_delays_what_is_open()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var busy = pair.AppToDbAsync("busy", PeerPair.Port, "12");
        await pair.WaitConnectedAsync();

        await lab.Lab.Network.CutOffAsync(lab.R2.Machine);
        await Task.Delay(Moment);
        await lab.Lab.Network.HealAsync(lab.R2.Machine);

        var result = await busy;
        result.Ok.ShouldBeTrue(result.Detail);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_reader_that_stands_still_stops_its_sender_and_loses_nothing(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        var transfer = pair.AppToDbAsync("transfer", PeerPair.Port, "300000000");
        await pair.WaitConnectedAsync();

        (await pair.App.Runner.DockerAsync("pause", pair.App.Id)).Ensure();
        await WaitUntilNothingMovesAsync(pair);
        (await pair.App.Runner.DockerAsync("unpause", pair.App.Id)).Ensure();

        (await transfer).Detail.ShouldBe("ok");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_client_that_is_killed_is_gone_for_its_server(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        var transfers = await EndlessTransfers.BeginAsync(pair);

        (await pair.App.Runner.DockerAsync("kill", pair.App.Id)).Ensure();

        await pair.WaitHealedAsync(Patience);
        (await transfers.AtTheServerAsync()).ShouldContain(end => end.StartsWith("source", StringComparison.Ordinal) && IsError(end));
    }

    private static bool IsError(string end) => end.EndsWith("ConnectionReset", StringComparison.Ordinal) || end.EndsWith("Shutdown", StringComparison.Ordinal);

    private static async Task WaitUntilNothingMovesAsync(PeerPair pair)
    {
        var before = 0L;
        await Poll.UntilAsync("the sender is stopped", Patience, async () =>
        {
            var now = await pair.Db.CountSentAsync();
            (var same, before) = (now == before, now);
            return same;
        });
    }
}
