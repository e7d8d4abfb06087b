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

    [Fact]
    public async Task The_names_of_another_deployment_do_not_exist_and_its_gateway_does_not_answer()
    {
        await using var shop = await LabDeployment.StartAsync(lab.Lab, NewName(), LabService.Peer("till", "r1", PeerPair.Port));
        await using var blog = await LabDeployment.StartAsync(lab.Lab, NewName(), LabService.Peer("app", "r1", PeerPair.Port));
        var (till, app) = (await shop.ContainerAsync("till"), await blog.ContainerAsync("app"));

        (await AskAsync(app, "resolve", "till.warp")).ShouldBe("HostNotFound");

        // The same question, sent to the gateway where it would be answered.
        await BringBusyboxAsync(app);
        await BringBusyboxAsync(till);
        (await NslookupAsync(till, "till.warp", GatewayOf(till))).Output.ShouldContain(till.IstAddress);
        var refused = await NslookupAsync(app, "till.warp", GatewayOf(till));
        refused.ExitCode.ShouldNotBe(0);
        refused.Output.ShouldNotContain(till.IstAddress);
    }

    [Fact]
    public async Task Names_outside_are_asked_of_the_host_and_are_found_while_the_node_is_gone()
    {
        await using var outside = await OutsideNames.StartAsync(lab, "outside.test", "192.0.2.77");
        LabService[] first = [LabService.Peer("app", "r1", PeerPair.Port), LabService.Peer("db", "r1", PeerPair.Port)];
        await using var deployment = await LabDeployment.StartAsync(lab.Lab, NewName(), first);
        await deployment.ApplyAsync([.. first, LabService.Peer("late", "r1", PeerPair.Port)]);
        await deployment.WaitRunningAsync();
        var (app, db, late) = (await deployment.ContainerAsync("app"), await deployment.ContainerAsync("db"), await deployment.ContainerAsync("late"));
        await WaitForAsync(app, "outside.test", "192.0.2.77");
        await WaitForAsync(app, "late.warp", late.IstAddress);
        await BringBusyboxAsync(app);
        (await NslookupAsync(app, "late.warp")).Output.ShouldContain(late.IstAddress);
        (await NslookupAsync(app, "outside.test")).Output.ShouldContain("192.0.2.77");

        await lab.R1.Node.KillAsync();
        (await AskAsync(app, "resolve", "db.warp")).ShouldBe(db.IstAddress, "it was there when app was made");
        (await AskAsync(app, "resolve", "outside.test")).ShouldBe("192.0.2.77");
        await lab.R1.Node.StartAsync();
        await lab.R1.Node.WaitReadyAsync();
        await WaitForAsync(app, "late.warp", late.IstAddress);

        await lab.R1.Engine.StopDaemonAsync();
        await lab.R1.Engine.StartDaemonAsync();
        await Poll.UntilAsync("everything runs again", Seconds, async () => (await app.PeerAsync("resolve", "db.warp")).ExitCode == 0);
        await WaitForAsync(app, "late.warp", late.IstAddress);
    }

    private static Task WaitForAsync(LabContainer container, string name, string address) => Poll.UntilAsync(
        $"{name} is found", Seconds, async () => string.Equals(await AskAsync(container, "resolve", name), address, StringComparison.Ordinal));

    private static async Task BringBusyboxAsync(LabContainer container) => (await container.Runner.DockerAsync("cp", "/bin/busybox", $"{container.Id}:/busybox")).Ensure();

    // It reads resolv.conf and asks by itself, without the C library.
    private static Task<ToolResult> NslookupAsync(LabContainer container, params IReadOnlyList<string> arguments) =>
        container.Runner.DockerAsync(["exec", container.Id, "/busybox", "nslookup", .. arguments]);

    private static string GatewayOf(LabContainer container) => $"{container.Address![..container.Address!.LastIndexOf('.')]}.1";

    private static async Task<string> AskAsync(LabContainer from, params IReadOnlyList<string> command) => (await PeerPair.RunAsync(from, command)).Detail;

    private static string NewName() => $"n-{Guid.NewGuid():n}"[..12];
}
