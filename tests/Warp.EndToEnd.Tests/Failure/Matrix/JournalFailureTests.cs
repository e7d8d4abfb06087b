using System.Globalization;
using Shouldly;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Failure.Matrix;

/// <summary>What fails on the only control node, which serves nothing itself: no connection may notice any of it.</summary>
[Collection(FailureGroup.Name)]
public sealed class JournalFailureTests(FailureLab lab, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly LabService Small = LabService.Peer("small", "r3", "3211");

    /// <summary>For how long no control node is there; soak.sh says for how long instead.</summary>
    private static TimeSpan WithoutControl { get; } =
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("WARP_SOAK_SECONDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 10);

    [Fact]
    public async Task Without_any_control_node_all_goes_on()
    {
        await ShouldCostNothingAsync("no control node", async () =>
        {
            await lab.R1.Node.KillAsync();
            await Task.Delay(WithoutControl);
            await lab.R1.Node.StartAsync();
            await lab.R1.Node.WaitReadyAsync();
        });
    }

    [Fact]
    public async Task Nodes_that_start_without_any_control_node_relay_what_they_knew()
    {
        var cost = await lab.Witnesses.CostAsync("both runners' nodes start while no control node is there", async () =>
        {
            await lab.R1.Node.KillAsync();
            LabRunner[] runners = [lab.R2, lab.Lab["r3"]];
            await Task.WhenAll(runners.Select(runner => runner.Node.KillAsync()));
            await Task.WhenAll(runners.Select(runner => runner.Node.StartAsync()));
            await lab.Witnesses.SettleWithoutControlAsync();
            await lab.R1.Node.StartAsync();
            await lab.R1.Node.WaitReadyAsync();
        });

        cost.Print(output);
        cost.Here.Lost.ShouldBe(0, cost.Here.FirstLoss);
        cost.Restarted.ShouldBe(0);
    }

    [Fact]
    public async Task A_restored_journal_learns_from_the_runners_what_it_does_not_know_and_restarts_nothing()
    {
        var backup = Path.Combine(lab.Lab.Folder, "backup");
        (await lab.R1.WarpAsync("journal", "backup", backup)).Ensure();
        (await lab.R1.WarpAsync("restart", "witness/db")).Ensure();
        await using var later = await LabDeployment.StartAsync(lab.Lab, "later", Small);
        var before = await later.ContainerAsync("small");

        await ShouldCostNothingAsync("journal of yesterday restored", async () =>
        {
            await lab.R1.Node.StopAsync();
            (await lab.R1.WarpAsync("journal", "restore", backup)).Ensure();
            await lab.R1.Node.StartAsync();
            await lab.R1.Node.WaitReadyAsync();
            await Poll.UntilAsync("what the journal did not know is taken over", Patience, async () =>
                (await lab.R1.WarpAsync("history", "later")).Output.Contains("taken over from the runner r3", StringComparison.Ordinal)
                && (await lab.R1.WarpAsync("history", "witness")).Output.Contains("taken over from the runner", StringComparison.Ordinal));
            await later.WaitRunningAsync();
            await lab.Witnesses.Deployment.WaitRunningAsync();
        });

        (await later.ContainerAsync("small")).Id.ShouldBe(before.Id);
        (await lab.R1.WarpAsync("restart", "later/small")).Ensure();
        (await later.ContainerAsync("small")).Id.ShouldNotBe(before.Id, StringComparer.Ordinal);
    }

    private async Task ShouldCostNothingAsync(string failure, Func<Task> failAndHeal)
    {
        var cost = (await lab.Witnesses.CostAsync(failure, failAndHeal)).Print(output);
        (cost.Here.Lost, cost.Across.Lost, cost.Restarted).ShouldBe((0, 0, 0), $"{cost.Here.FirstLoss} {cost.Across.FirstLoss}");
    }
}
