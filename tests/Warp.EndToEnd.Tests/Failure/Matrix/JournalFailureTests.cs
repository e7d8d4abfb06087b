using System.Net;
using Microsoft.Data.Sqlite;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.Lab.Nodes;
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
    private static TimeSpan WithoutControl { get; } = TimeSpan.FromSeconds(LongForm.Number("WARP_SOAK_SECONDS") ?? 10);

    private string State => Path.Combine(lab.R1.Node.DataFolder, "state");

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
    public async Task A_journal_on_a_full_disk_refuses_changes_says_so_and_heals_when_there_is_room()
    {
        using var api = new WarpApi(lab.R1.Node.Socket);
        await using var full = await LabDeployment.StartAsync(lab.Lab, "full", Document(0));
        await lab.R1.Node.KillAsync();
        await ShellAsync($"mv {State} {State}.kept; mkdir -m 700 {State}; mount -t tmpfs -o size=24m tmpfs {State}; cp -a {State}.kept/. {State}");
        await lab.R1.Node.StartAsync();
        await lab.R1.Node.WaitReadyAsync();

        await ShouldCostNothingAsync("disk of the journal full", async () =>
        {
            await ShellAsync($"dd if=/dev/zero of={State}/filler bs=64k 2> /dev/null || true");
            var tries = 0;
            var refused = await Poll.UntilAsync("a change is refused", Patience, async () =>
                (await api.PutAsync("full", Document(++tries))).Body is var body && body.Contains("database did not take the change", StringComparison.Ordinal) ? body : null);
            refused.ShouldContain("full");

            var named = new List<string>();
            var unknown = await Poll.UntilAsync("a deployment that nobody knows yet is refused", Patience, async () =>
            {
                named.Add($"full-{named.Count}");
                var body = (await api.PutAsync(named[^1], Document(0))).Body;
                return body.Contains("database did not take the request", StringComparison.Ordinal) ? body : null;
            });
            unknown.ShouldContain("full");
            await ShellAsync($"rm {State}/filler");
            await Poll.UntilAsync("the same change is accepted", Patience, async () => (int)(await api.PutAsync("full", Document(tries))).Status < 300);
            await Poll.UntilAsync("so is the new deployment", Patience, async () => (int)(await api.PutAsync(named[^1], Document(0))).Status < 300);
            foreach (var name in named)
            {
                await Poll.UntilAsync($"{name} is gone", Patience, async () => (await api.DeleteAsync(name)).Status == HttpStatusCode.NotFound);
            }
        });

        await lab.R1.Node.KillAsync();
        await ShellAsync($"rm -r {State}.kept; cp -a {State} {State}.kept; umount {State}; rmdir {State}; mv {State}.kept {State}");
        await lab.R1.Node.StartAsync();
        await lab.R1.Node.WaitReadyAsync();
    }

    [Fact]
    public async Task A_journal_that_does_not_get_to_write_loses_no_change_and_heals_by_itself()
    {
        using var api = new WarpApi(lab.R1.Node.Socket);
        await using var slow = await LabDeployment.StartAsync(lab.Lab, "slow", Document(0));
        await ShouldCostNothingAsync("journal stands still for 10 s", async () =>
        {
            await using (var journal = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(State, "warp.db"), Pooling = false }.ToString()))
            {
                await journal.OpenAsync();
                await ExecuteAsync(journal, "BEGIN EXCLUSIVE");
                var answer = api.PutAsync("slow", Document(1));
                await Task.Delay(TimeSpan.FromSeconds(10));
                await ExecuteAsync(journal, "ROLLBACK");
                output.WriteLine($"asked meanwhile: {(await answer).Status}");
            }

            await Poll.UntilAsync("the change is accepted, at once or asked for again", Patience, async () => (int)(await api.PutAsync("slow", Document(1))).Status < 300);
        });
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

    private static async Task ExecuteAsync(SqliteConnection journal, string statement)
    {
        await using var command = journal.CreateCommand();
#pragma warning disable CA2100 // One of two constants of this class.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string Document(int number) => $$"""
        { "services": [ { "name": "small", "image": "warp-test-peer:latest", "args": ["serve", "3211"], "runner": "r3", "public": false, "variables": { "NUMBER": "{{number}}" } } ] }
        """;

    private async Task ShellAsync(string script) => (await lab.R1.Machine.RunAsync(["bash", "-euc", script])).Ensure();
}
