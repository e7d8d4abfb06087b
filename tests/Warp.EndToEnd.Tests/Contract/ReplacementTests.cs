using System.Text.Json.Nodes;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.EndToEnd.Tests.Rollouts;
using Xunit;

namespace Warp.EndToEnd.Tests.Contract;

/// <summary>The target is restarted and moved while its caller makes fifty connections in a second: each waits as long as it has to, and none fails.</summary>
[Collection(LabGroup.Name)]
public sealed class ReplacementTests(LabFixture lab)
{
    private const string Volume = "replaced";

    // The engine of a loaded machine was seen to take seven seconds only to create a container.
    private const int LoadedEngineSeconds = 50;

    /// <summary>Restarts and moves of each of the targets; <c>./soak.sh</c> asks for many.</summary>
    private static int Rounds { get; } = LongForm.Number("WARP_REPLACEMENTS") ?? 4;

    [Fact]
    public async Task C14_a_target_that_is_restarted_and_moved_in_turn_costs_no_connect()
    {
        await using var web = await WebDeployment.StartAsync(lab, "replaced", "r1");
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        for (var round = 0; round < Rounds; round++)
        {
            await web.RestartAsync();
            await web.MoveAsync(round % 2 == 0 ? "r2" : "r1");
            var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond / 2);
            counts.Failed.ShouldBe(0, $"round {round}: {counts.FirstFailure}");
        }
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task A_target_that_is_stopped_before_its_successor_starts_costs_no_connect(string runner)
    {
        // Two instances never write the same volume, so that for a moment there is none.
        (await lab.R1.WarpAsync("volume", "create", Volume, "--runner", runner)).Ensure();
        try
        {
            var volumes = new JsonArray(new JsonObject { ["id"] = Volume, ["path"] = "/data", ["mode"] = "rw", ["description"] = "nothing" });
            await using var web = await WebDeployment.StartAsync(lab, $"stopped-{runner}", runner, ("volumes", volumes), ("connectHoldSeconds", LoadedEngineSeconds));
            await web.AwaitAnswersAsync(WebDeployment.PerSecond);
            for (var round = 0; round < Rounds; round++)
            {
                await web.RestartAsync();
                var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond / 2);
                counts.Failed.ShouldBe(0, $"round {round}: {counts.FirstFailure}");
            }
        }
        finally
        {
            (await lab.R1.WarpAsync("volume", "remove", Volume, "--runner", runner)).Ensure();
        }
    }
}
