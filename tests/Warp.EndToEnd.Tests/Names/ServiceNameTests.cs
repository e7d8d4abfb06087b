using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;

namespace Warp.EndToEnd.Tests.Names;

/// <summary>What a container that runs finds by name.</summary>
[Collection(LabGroup.Name)]
public sealed class ServiceNameTests(LabFixture lab)
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task A_service_that_is_deployed_later_is_found_by_name_and_one_that_went_is_not(string runner)
    {
        var appService = LabService.Peer("app", "r1", PeerPair.Port);
        await using var deployment = await LabDeployment.StartAsync(lab.Lab, NewName(), appService);
        var app = await deployment.ContainerAsync("app");
        (await AskAsync(app, "resolve", "late-db.warp")).ShouldBe("HostNotFound");

        await deployment.ApplyAsync(appService, LabService.Peer("Late_DB", runner, PeerPair.Port));
        await deployment.WaitRunningAsync();
        var late = await deployment.ContainerAsync("Late_DB");

        foreach (var spelling in new[] { "late-db.warp", "Late_DB.warp", "late_db.warp", "LATE-DB.WARP" })
        {
            await Poll.UntilAsync($"app finds {spelling}", Seconds, async () => string.Equals(await AskAsync(app, "resolve", spelling), late.IstAddress, StringComparison.Ordinal));
        }

        await Poll.UntilAsync("app reaches late-db.warp", Seconds, async () => string.Equals(await AskAsync(app, "echo", "late-db.warp", PeerPair.Port, "by name"), "by name", StringComparison.Ordinal));
        (await AskAsync(app, "name-of", late.IstAddress)).ShouldBe("Late_DB.warp");

        await deployment.ApplyAsync(appService, LabService.Peer("renamed", runner, PeerPair.Port));
        await deployment.WaitRolloutAsync("Completed");
        await Poll.UntilAsync("late-db.warp is gone", Seconds, async () => string.Equals(await AskAsync(app, "resolve", "late-db.warp"), "HostNotFound", StringComparison.Ordinal));
        (await AskAsync(app, "resolve", "renamed.warp")).ShouldBe((await deployment.ContainerAsync("renamed")).IstAddress);
        (await deployment.ContainerAsync("app")).Id.ShouldBe(app.Id, "nobody restarts because a peer came or went");
    }

    private static async Task<string> AskAsync(LabContainer from, params IReadOnlyList<string> command) => (await PeerPair.RunAsync(from, command)).Detail;

    private static string NewName() => $"n-{Guid.NewGuid():n}"[..12];
}
