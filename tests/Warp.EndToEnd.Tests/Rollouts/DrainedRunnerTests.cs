using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Rollouts;

/// <summary>A runner is emptied with <c>warp drain</c> and taken back with <c>warp undrain</c>; the other runner's callers notice nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class DrainedRunnerTests(LabFixture lab)
{
    private const string Port = "3211";
    private const string Volume = "drained";
    private static readonly string[] Movable = ["db", "cache", "mail", "search"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_drained_runner_loses_what_can_move_without_a_failed_connect_keeps_the_rest_and_says_why()
    {
        (await lab.R1.WarpAsync("volume", "create", Volume, "--runner", "r2")).Ensure();
        try
        {
            await using var deployment = await StartAsync();
            var (caller, old) = (await deployment.ContainerAsync("caller"), await deployment.ContainerAsync("db"));
            var open = caller.PeerAsync("busy", "$WARP_IST_db", Port, "15");
            await Poll.UntilAsync("the connection is open", Limit, async () => await old.CountConnectionsAsync(3211) > 0);
            using var connects = new CancellationTokenSource();
            var connecting = ConnectAsync(caller, connects.Token);

            var drained = await lab.R1.WarpAsync("drain", "r2", "--deadline", "60");

            drained.ExitCode.ShouldBe(7, drained.Error);
            foreach (var service in Movable)
            {
                drained.Output.ShouldContain($"drained/{service}#0 has left");
                (await deployment.ContainerAsync(service)).Runner.Name.ShouldBe("r1");
            }

            drained.Output.ShouldContain("drained/bound#0 stays: it is bound to this runner");
            drained.Output.ShouldContain($"drained/data#0 stays: its data is there: the volume '{Volume}'");
            var exchanged = PeerResult.Parse((await open).Output);
            exchanged.Ok.ShouldBeTrue(exchanged.Detail);
            (await deployment.ContainerAsync("db")).IstAddress.ShouldBe(old.IstAddress);
            await connects.CancelAsync();
            (await connecting).ShouldBeGreaterThan(0);
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
        await Poll.UntilAsync("the caller reaches all", Limit, async () =>
            (await Task.WhenAll(Movable.Select(async service => PeerResult.Parse((await caller.PeerAsync("echo", $"$WARP_IST_{service}", Port, "there?")).Output).Ok))).All(ok => ok));
        return deployment;
    }

    /// <summary>Connects to one service after the other until it is told to end.</summary>
    /// <returns>How often; none has failed.</returns>
    private static async Task<int> ConnectAsync(LabContainer caller, CancellationToken cancellationToken)
    {
        var count = 0;
        for (; !cancellationToken.IsCancellationRequested; count++)
        {
            var service = Movable[count % Movable.Length];
            var result = PeerResult.Parse((await caller.PeerAsync("echo", $"$WARP_IST_{service}", Port, "all the time")).Output);
            result.Ok.ShouldBeTrue($"connect {count}, to {service}: {result.Detail}");
        }

        return count;
    }

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
