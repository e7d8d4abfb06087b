using System.Text.Json.Nodes;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab.Machines;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Rollouts;

/// <summary>Changes of a service that its callers do not notice. Callers inside ask through the IST address, callers outside through the public URL.</summary>
[Collection(LabGroup.Name)]
public sealed class RolloutTests(LabFixture lab)
{
    private static readonly string[] BothVersions = ["v1", "v2"];

    /// <summary>How often the two versions take each other's place.</summary>
    private static int Rounds { get; } = LongForm.Number("WARP_ROLLOUTS") ?? 12;

    [Fact]
    public async Task Two_versions_back_and_forth_under_load_cost_no_request()
    {
        // web is on the runner of its caller at first and then on the other: half of the rounds use the kernel's path and half the tunnel's.
        await using var web = await WebDeployment.StartAsync(lab, "back-and-forth", "r1");
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        using var here = await web.StartPublicLoadAsync(lab.R1, "1.1");
        using var there = await web.StartPublicLoadAsync(lab.R2, "2.0");
        for (var round = 1; round <= Rounds; round++)
        {
            if (round == (Rounds / 2) + 1)
            {
                await web.MoveAsync("r2");
            }

            await web.DeployAsync(BothVersions[round % 2]);
            var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond / 2);
            counts.Failed.ShouldBe(0, $"round {round}: {counts.FirstFailure}");
        }

        (await web.CallerCountsAsync()).Answers.Keys.ShouldBe(BothVersions);
        foreach (var outside in (MachineProcess[])[here, there])
        {
            var counts = LoadCounts.Parse(await File.ReadAllTextAsync(outside.LogFile));
            counts.Failed.ShouldBe(0, counts.FirstFailure);
            counts.Answers.Keys.ShouldBe(BothVersions);
            await outside.KillAsync();
        }
    }

    [Fact]
    public async Task A_moved_service_keeps_its_address_and_nobody_restarts_and_no_connect_fails()
    {
        await using var web = await WebDeployment.StartAsync(lab, "moved", "r1");
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        var (before, caller) = (await web.ContainerAsync("web"), await web.ContainerAsync("caller"));
        foreach (var runner in (string[])["r2", "r1", "r2"])
        {
            await web.MoveAsync(runner);
            var after = await web.ContainerAsync("web");
            after.Runner.Name.ShouldBe(runner);
            after.IstAddress.ShouldBe(before.IstAddress);
            await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        }

        (await web.ContainerAsync("caller")).Id.ShouldBe(caller.Id);
        var counts = await web.CallerCountsAsync();
        counts.Failed.ShouldBe(0, counts.FirstFailure);
    }

    [Fact]
    public async Task A_version_that_never_gets_ready_is_rolled_back_by_itself_and_costs_no_request()
    {
        await using var web = await WebDeployment.StartAsync(lab, "rolled-back", "r2");
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        var good = (await web.StateAsync()).Revision;
        var container = (await web.ContainerAsync("web")).Id;

        var neverReady = await web.WriteAsync("v2", ("args", new JsonArray("sleep", "1000")), ("health", new JsonObject { ["http"] = "/", ["startSeconds"] = 5 }));
        var bad = await lab.R1.WarpAsync("deploy", neverReady, "--name", web.Name);

        bad.ExitCode.ShouldNotBe(0);
        bad.Error.ShouldContain("not ready");
        (await web.WaitRolloutAsync("RolledBack")).Revision.ShouldBe(good + 2);
        (await web.ContainerAsync("web")).Id.ShouldBe(container);
        var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        counts.Failed.ShouldBe(0, counts.FirstFailure);
        counts.Answers.Keys.ShouldBe(["v1"]);
    }

    [Fact]
    public async Task Replicas_behind_one_address_all_answer_and_scaling_costs_no_request()
    {
        await using var web = await WebDeployment.StartAsync(lab, "replicas", null, ("replicas", 3));
        var state = (await web.StateAsync()).Services.Single(service => string.Equals(service.Name, "web", StringComparison.Ordinal));
        state.Instances.Count.ShouldBe(3);
        state.Instances.Select(instance => instance.Runner).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["r1", "r2"]);
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);

        (await lab.R2.WarpAsync("scale", $"{web.Name}/web=1")).Ensure();
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        (await lab.R2.WarpAsync("scale", $"{web.Name}/web=4")).Ensure();

        var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        counts.Failed.ShouldBe(0, counts.FirstFailure);
    }
}
