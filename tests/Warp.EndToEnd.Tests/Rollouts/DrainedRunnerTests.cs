using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.TestPeer;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Rollouts;

/// <summary>A runner is emptied with <c>warp drain</c> and taken back with <c>warp undrain</c>; the other runner's callers notice nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class DrainedRunnerTests(LabFixture lab, ITestOutputHelper output)
{
    private const string Port = "3211";
    private const string Volume = "drained";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The services that can move; soak.sh says how many instead.</summary>
    private static string[] Movable { get; } = [.. Enumerable.Range(1, LongForm.Number("WARP_MOVABLE") ?? 4).Select(number => string.Create(CultureInfo.InvariantCulture, $"movable{number}"))];

    // Four move at once.
    private static TimeSpan MoveLimit { get; } = Limit + TimeSpan.FromSeconds(15 * Movable.Length);

    [Fact]
    public async Task A_drained_runner_loses_what_can_move_without_a_failed_connect_keeps_the_rest_and_says_why()
    {
        (await lab.R1.WarpAsync("volume", "create", Volume, "--runner", "r2")).Ensure();
        try
        {
            await using var deployment = await StartAsync();
            var (caller, old) = (await deployment.ContainerAsync("caller"), await deployment.ContainerAsync(Movable[0]));
            var open = caller.PeerAsync("busy", $"$WARP_IST_{Movable[0]}", Port, "15");
            await Poll.UntilAsync("the connection is open", Limit, async () => await old.CountConnectionsAsync(3211) > 0);
            using var connects = new CancellationTokenSource();
            var connecting = ConnectAsync(caller, connects.Token);
            var clock = Stopwatch.StartNew();

            var drained = await lab.R1.Node.WarpAsync(MoveLimit, "drain", "r2", "--deadline", "60", "--timeout", Seconds(MoveLimit));

            drained.ExitCode.ShouldBe(7, drained.Error);
            var time = clock.Elapsed;
            var moved = (await deployment.StateAsync()).Services.Where(service => Movable.Contains(service.Name)).SelectMany(service => service.Instances).ToList();
            moved.ShouldAllBe(instance => instance.Runner == "r1");
            foreach (var service in Movable)
            {
                drained.Output.ShouldContain($"drained/{service}#0 has left");
            }

            drained.Output.ShouldContain("drained/bound#0 stays: it is bound to this runner");
            drained.Output.ShouldContain($"drained/data#0 stays: its data is there: the volume '{Volume}'");
            var exchanged = PeerResult.Parse((await open).Output);
            exchanged.Ok.ShouldBeTrue(exchanged.Detail);
            (await deployment.ContainerAsync(Movable[0])).IstAddress.ShouldBe(old.IstAddress);
            await connects.CancelAsync();
            var (count, failed) = await connecting;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Movable.Length} services have left the runner after {time.TotalSeconds:0.0} s, {time.TotalSeconds / Movable.Length:0.00} s for each; {failed.Count} of {count} connects meanwhile failed"));
            failed.ShouldBeEmpty();
            count.ShouldBeGreaterThan(0);
            (await deployment.ContainerAsync("caller")).Id.ShouldBe(caller.Id);

            await OutlivesTheControlNodeAsync();
        }
        finally
        {
            (await lab.R1.WarpAsync("undrain", "r2")).Ensure();
            await Poll.UntilAsync("r2 takes services again", Limit, async () => !(await lab.R1.WarpAsync("runners")).Ensure().Output.Contains("drain", StringComparison.Ordinal));
            (await lab.R1.WarpAsync("volume", "remove", Volume, "--runner", "r2")).Ensure();
        }
    }

    // r2 has fewer instances than r1, so it would be the one that is chosen.
    private async Task OutlivesTheControlNodeAsync()
    {
        await lab.R1.Node.KillAsync();
        await lab.R1.Node.StartAsync();
        await lab.R1.Node.WaitReadyAsync();
        await Poll.UntilAsync("r2 is still drained", Limit, async () => (await lab.R1.WarpAsync("runners")).Output.Contains("draining", StringComparison.Ordinal));
        await using var another = await LabDeployment.StartAsync(lab.Lab, "drained-more", Document(Peer("app", runner: null)));
        (await another.ContainerAsync("app")).Runner.Name.ShouldBe("r1");
    }

    /// <summary>First all are bound to r2, so that they start there; then all but one are bound no longer.</summary>
    private async Task<LabDeployment> StartAsync()
    {
        var deployment = await LabDeployment.StartAsync(lab.Lab, "drained", Services("r2"));
        await deployment.RollOutAsync(Services(movable: null));
        (await deployment.StateAsync()).Services.Where(service => service.Name is not "caller").ShouldAllBe(service => service.Instances.Single().Runner == "r2");
        var caller = await deployment.ContainerAsync("caller");
        foreach (var service in Movable)
        {
            await Poll.UntilAsync($"the caller reaches {service}", Limit, async () => (await EchoAsync(caller, service)).Ok);
        }

        return deployment;
    }

    /// <summary>Connects to one service after the other until it is told to end.</summary>
    /// <returns>How often, and what failed.</returns>
    private static async Task<(int Count, List<string> Failed)> ConnectAsync(LabContainer caller, CancellationToken cancellationToken)
    {
        var failed = new List<string>();
        var count = 0;
        for (; !cancellationToken.IsCancellationRequested; count++)
        {
            var service = Movable[count % Movable.Length];
            if (await EchoAsync(caller, service) is { Ok: false } result)
            {
                failed.Add($"connect {count}, to {service}: {result.Detail}");
            }
        }

        return (count, failed);
    }

    private static async Task<PeerResult> EchoAsync(LabContainer caller, string service) =>
        PeerResult.Parse((await caller.PeerAsync("echo", $"$WARP_IST_{service}", Port, "there?")).Output);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static string Services(string? movable) => Document(
    [
        Peer("caller", "r1"),
        Peer("bound", "r2"),
        Peer("data", movable, new { id = Volume, path = "/data", mode = "ro", description = "nothing" }),
        .. Movable.Select(service => Peer(service, movable)),
    ]);

    private static object Peer(string name, string? runner, params object[] volumes) =>
        new { name, image = "warp-test-peer:latest", runner, @public = false, args = (string[])["serve", Port], health = new { tcp = 3211 }, drainSeconds = 120, volumes };

    private static string Document(params object[] services) => JsonSerializer.Serialize(new { services });
}
