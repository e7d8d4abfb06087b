using Shouldly;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Failure.Matrix;

/// <summary>A runner that is away for longer than the grace (20 s here), and comes back.</summary>
[Collection(FailureGroup.Name)]
public sealed class LostRunnerTests(FailureLab lab, ITestOutputHelper output)
{
    private const string Volume = "kept";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly string Document = $$"""
        {
          "services": [
            { "name": "free", "image": "warp-test-peer:latest", "args": ["serve", "3211"], "replicas": 3, "public": false },
            { "name": "bound", "image": "warp-test-peer:latest", "args": ["serve", "3211"], "public": false, "volumes": [{ "id": "{{Volume}}", "path": "/data", "mode": "rw", "description": "nothing" }] }
          ]
        }
        """;

    [Fact]
    public async Task What_can_run_elsewhere_does_what_cannot_says_why_and_nothing_runs_twice_afterwards()
    {
        (await lab.R1.WarpAsync("volume", "create", Volume, "--runner", "r2")).Ensure();
        try
        {
            await using var lost = await LabDeployment.StartAsync(lab.Lab, "lost", Document);
            (await RunnersAsync(lost, "free")).ShouldBe(["r1", "r2", "r3"]);

            var cost = await lab.Witnesses.CostAsync("runner away for longer than the grace", async () =>
            {
                await lab.Lab.Network.CutOffAsync(lab.R2.Machine);
                await Poll.UntilAsync("what ran on r2 is placed elsewhere", Patience, async () => await RunnersAsync(lost, "free") is { Length: 3 } now && !now.Contains("r2", StringComparer.Ordinal));
                (await RunnersAsync(lost, "bound")).ShouldBe(["r2"]);
                (await lab.R1.WarpAsync("ps")).Output.ShouldContain($"its data is there (the volume '{Volume}')");
                await lab.Lab.Network.HealAsync(lab.R2.Machine);
                await Poll.UntilAsync("r2 has stopped what has moved, and nothing else", Patience, async () => (await OfR2Async()) is [var only] && only.Contains("-bound-", StringComparison.Ordinal));
                await lost.WaitRunningAsync();
            });

            cost.Print(output);
            (await RunnersAsync(lost, "free")).ShouldAllBe(runner => runner != "r2");
            (cost.Here.Lost, cost.Restarted).ShouldBe((0, 0), cost.Here.FirstLoss);
        }
        finally
        {
            (await lab.R1.WarpAsync("volume", "remove", Volume, "--runner", "r2")).Ensure();
        }
    }

    /// <summary>Where a service serves and runs.</summary>
    private static async Task<string[]> RunnersAsync(LabDeployment deployment, string service) =>
    [
        .. (await deployment.StateAsync()).Services.Single(one => string.Equals(one.Name, service, StringComparison.Ordinal)).Instances
            .Where(instance => string.Equals(instance.Role, "Serving", StringComparison.OrdinalIgnoreCase) && string.Equals(instance.Phase, "Running", StringComparison.OrdinalIgnoreCase))
            .Select(instance => instance.Runner)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The containers of the deployment that r2 has, whatever anybody thinks of them.</summary>
    private async Task<string[]> OfR2Async() =>
        (await lab.R2.DockerAsync("ps", "--all", "--filter", "name=warp-lost-", "--format", "{{.Names}}")).Ensure().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
