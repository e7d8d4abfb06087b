using System.Globalization;
using Shouldly;
using Warp.Lab;
using Warp.Lab.Machines;
using Warp.Lab.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Failure.Matrix;

/// <summary>What fails on or around a runner, and what it costs.</summary>
[Collection(FailureGroup.Name)]
public sealed class RunnerFailureTests(FailureLab lab, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Below the time after which the relay takes a silent tunnel for dead (20 s).
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    // A runner that says nothing for so long is shown as not heard of (15 s).
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>How long a runner is cut off: a moment; soak.sh says how long else, such as "60,600".</summary>
    public static TheoryData<int> Cuts =>
        [.. (Environment.GetEnvironmentVariable("WARP_CUT_SECONDS") is { Length: > 0 } text ? text : "5").Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_runner_that_is_cut_off_goes_on_by_itself_and_a_moment_loses_nothing(int seconds)
    {
        var cost = await CostAsync($"runner cut off for {seconds} s", async () =>
        {
            await lab.Lab.Network.CutOffAsync(lab.R2.Machine);
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            await lab.Lab.Network.HealAsync(lab.R2.Machine);
        });

        NothingShouldBeLostHere(cost);
        if (seconds <= Moment.TotalSeconds)
        {
            cost.Across.Lost.ShouldBe(0, cost.Across.FirstLoss);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_runner_that_only_hears_or_only_speaks_for_a_moment_loses_nothing(bool hears)
    {
        var cost = await CostAsync($"runner {(hears ? "hears and is not heard" : "is heard and does not hear")} for {Moment.TotalSeconds} s", async () =>
        {
            await Switch.CutOneWayAsync(lab.R2.Machine, hears);
            await Task.Delay(Moment);
            await Switch.HealOneWayAsync(lab.R2.Machine);
        });

        NothingShouldBeLost(cost);
    }

    [Fact]
    public async Task A_killed_runner_node_costs_only_what_it_relayed()
    {
        var cost = await CostAsync("node of a runner killed and started", async () =>
        {
            await RestartNodeAsync();
        });

        NothingShouldBeLostHere(cost);
    }

    [Fact]
    public async Task An_actor_system_that_is_downed_is_built_again_and_no_connection_notices()
    {
        using var api = new WarpApi(lab.R1.Node.Socket);
        var from = (await lab.R2.Node.ReadLogAsync()).Length;
        var cost = await CostAsync("actor system of a runner downed", async () =>
        {
            (await api.DownAsync($"akka.ssl.tcp://warp@{lab.R2.Address}:4053")).ShouldBeTrue();
            await Poll.UntilAsync("r2 builds its actor system again", Patience, async () => (await lab.R2.Node.ReadLogAsync())[from..].Contains("a new one is built", StringComparison.Ordinal));
            await lab.R2.Node.WaitReadyAsync();
        });

        NothingShouldBeLost(cost);
    }

    [Fact]
    public async Task An_engine_that_hangs_is_named_and_no_connection_notices()
    {
        var cost = await CostAsync("container engine hangs", async () =>
        {
            await lab.R2.Engine.FreezeDaemonAsync();
            try
            {
                await Poll.UntilAsync("r2 is said to have no engine that answers", Patience, async () => (await lab.R1.WarpAsync("runners")).Output.Contains("does not answer", StringComparison.Ordinal));
            }
            finally
            {
                await lab.R2.Engine.ThawDaemonAsync();
            }

            await Poll.UntilAsync("it answers again", Patience, async () => !(await lab.R1.WarpAsync("runners")).Output.Contains("does not answer", StringComparison.Ordinal));
        });

        NothingShouldBeLost(cost);
    }

    [Fact]
    public async Task A_second_node_with_the_same_identity_is_named_and_gets_nothing()
    {
        var copy = Path.Combine(lab.Lab.Folder, "copy-of-r2");
        (await Tool.RunAsync(["cp", "-a", lab.R2.Node.DataFolder, copy])).Ensure();
        var cost = await CostAsync("two nodes of one identity", async () =>
        {
            var second = await lab.Lab.Outsider.StartAsync(
                Path.Combine(lab.Lab.LogFolder, "copy-of-r2-node.log"),
                ["env", $"WARP_DATA={copy}", $"WARP__NODE__ADDRESS={lab.Lab.OutsiderAddress}", .. lab.R2.Node.Program.SkipWhile(word => !string.Equals(word, "dotnet", StringComparison.Ordinal)), "run"]);
            using (second)
            {
                await Poll.UntilAsync("both are named", Patience, async () => (await lab.R1.WarpAsync("runners")).Output.Contains("two nodes say that they are the runner 'r2'", StringComparison.Ordinal));
                await second.KillAsync();
            }

            await Poll.UntilAsync("nobody is named any more", Patience, async () => !(await lab.R1.WarpAsync("runners")).Output.Contains("two nodes say", StringComparison.Ordinal));
        });

        NothingShouldBeLost(cost);
    }

    [Fact]
    public async Task An_older_image_of_a_runner_s_disk_restarts_nothing()
    {
        var state = Path.Combine(lab.R2.Node.DataFolder, "state");
        (await Tool.RunAsync(["cp", "-a", state, $"{state}.early"])).Ensure();
        (await lab.R1.WarpAsync("restart", "witness/db")).Ensure();

        var cost = await CostAsync("older disk image of a runner restored", async () =>
        {
            await lab.R2.Node.KillAsync();
            (await Tool.RunAsync(["rm", "-r", state])).Ensure();
            (await Tool.RunAsync(["mv", $"{state}.early", state])).Ensure();
            await lab.R2.Node.StartAsync();
            await lab.R2.Node.WaitReadyAsync();
        });

        NothingShouldBeLostHere(cost);
    }

    [Fact]
    public async Task A_clock_that_jumps_by_an_hour_and_back_costs_nothing()
    {
        var clock = Path.Combine(lab.Lab.Folder, "clock");
        await File.WriteAllTextAsync(clock, "+0");
        await RestartNodeAsync(
            $"LD_PRELOAD={Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).First()}",
            $"FAKETIME_TIMESTAMP_FILE={clock}",
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1");
        try
        {
            var cost = await CostAsync("clock of a runner jumps by an hour and back", async () =>
            {
                await File.WriteAllTextAsync(clock, "+1h");
                await Task.Delay(Moment);
                await File.WriteAllTextAsync(clock, "+0");
                await Task.Delay(Silence);
                (await lab.R1.WarpAsync("runners")).Ensure().Output.ShouldNotContain("not heard of");
            });

            NothingShouldBeLost(cost);
        }
        finally
        {
            await RestartNodeAsync();
        }
    }

    private async Task RestartNodeAsync(params IReadOnlyList<string> environment)
    {
        await lab.R2.Node.KillAsync();
        await lab.R2.Node.StartAsync(environment);
        await lab.R2.Node.WaitReadyAsync();
    }

    private async Task<FailureCost> CostAsync(string failure, Func<Task> failAndHeal) => (await lab.Witnesses.CostAsync(failure, failAndHeal)).Print(output);

    private static void NothingShouldBeLost(FailureCost cost)
    {
        NothingShouldBeLostHere(cost);
        cost.Across.Lost.ShouldBe(0, cost.Across.FirstLoss);
    }

    private static void NothingShouldBeLostHere(FailureCost cost)
    {
        cost.Here.Lost.ShouldBe(0, cost.Here.FirstLoss);
        cost.Restarted.ShouldBe(0);
    }
}
