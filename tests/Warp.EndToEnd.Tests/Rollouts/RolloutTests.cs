using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab.Nodes;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Rollouts;

/// <summary>Changes of a service that its callers do not notice. Callers inside ask through the IST address, callers outside through the public URL.</summary>
[Collection(LabGroup.Name)]
public sealed class RolloutTests(LabFixture lab)
{
    /// <summary>How often the two versions take each other's place; the soak raises it.</summary>
    private static int Rounds { get; } =
        Environment.GetEnvironmentVariable("WARP_ROLLOUTS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 50;

    [Fact]
    public async Task Two_versions_back_and_forth_under_load_cost_no_request()
    {
        // web is on the runner of the caller at first and then on the other: half of the rounds use the kernel's path and half the tunnel's.
        await using var web = await WebDeployment.StartAsync(lab, "back-and-forth", "r1");
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        using var here = await web.StartPublicLoadAsync(lab.R1, "1.1");
        using var there = await web.StartPublicLoadAsync(lab.R2, "2.0");
        for (var round = 0; round < Rounds; round++)
        {
            if (round == Rounds / 2)
            {
                await lab.MoveAsync(web.Name, "web", "r2");
            }

            var version = round % 2 == 0 ? "v2" : "v1";
            await web.DeployAsync(version);
            (await web.AwaitAnswersAsync(WebDeployment.PerSecond / 2)).Failed.ShouldBe(0, $"round {round}");
        }

        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        var inside = await web.CallerCountsAsync();
        inside.Failed.ShouldBe(0, inside.FirstFailure);
        inside.Answers.Keys.ShouldBe(["v1", "v2"]);
        foreach (var outside in (MachineProcessCounts[])[new(here), new(there)])
        {
            var counts = await outside.ReadAsync();
            counts.Failed.ShouldBe(0, counts.FirstFailure);
            counts.Answers.Keys.ShouldBe(["v1", "v2"]);
        }

        await here.KillAsync();
        await there.KillAsync();
    }

    [Fact]
    public async Task A_moved_service_keeps_its_address_and_nobody_else_restarts_and_no_connect_fails()
    {
        await using var web = await WebDeployment.StartAsync(lab, "moved", "r1");
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        var (before, caller) = (await web.ContainerAsync("web"), await web.ContainerAsync("caller"));
        foreach (var runner in (string[])["r2", "r1", "r2"])
        {
            await lab.MoveAsync(web.Name, "web", runner);
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
        await using var web = await WebDeployment.StartAsync(
            lab, "rolled-back", "r2", ("health", new JsonObject { ["http"] = "/", ["start"] = 5, ["interval"] = 1 }));
        await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        var good = (await web.StateAsync()).Revision;
        var container = (await web.ContainerAsync("web")).Id;

        var bad = await lab.R1.WarpAsync("deploy", await lab.FileAsync("bad.json", web.DocumentWith("v2", ("args", new JsonArray("sleep", "1000")))), "--name", web.Name);

        bad.ExitCode.ShouldNotBe(0);
        (bad.Output + bad.Error).ShouldContain("not ready");
        var state = await web.StateAsync();
        state.Revision.ShouldBe(good + 2);
        (await web.ContainerAsync("web")).Id.ShouldBe(container);
        var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        counts.Failed.ShouldBe(0, counts.FirstFailure);
        counts.Answers.Keys.ShouldBe(["v1"]);
    }

    [Fact]
    public async Task Replicas_share_one_address_and_losing_one_costs_at_most_what_it_was_serving()
    {
        await using var web = await WebDeployment.StartAsync(lab, "replicas", null, ("replicas", 3));
        var counts = await web.AwaitAnswersAsync(WebDeployment.PerSecond);
        counts.Failed.ShouldBe(0, counts.FirstFailure);
        var state = (await web.StateAsync()).Services.Single(service => string.Equals(service.Name, "web", StringComparison.Ordinal));
        state.Instances.Count.ShouldBe(3);
        state.Instances.Select(instance => instance.Runner).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }
}
