using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Traffic;

/// <summary>A caller is answered when its service has been dialled, and waits until then.</summary>
[Collection(LabGroup.Name)]
public sealed class DialFirstTests(LabFixture lab)
{
    [Fact]
    public async Task Each_runner_says_that_it_dials_first()
    {
        using var api = lab.Api();

        using var runners = JsonDocument.Parse((await api.GetAsync("/warp/v1/runners")).Body);

        runners.RootElement.GetProperty("runners").EnumerateArray().Select(runner => runner.GetProperty("interception").GetProperty("mode").GetString())
            .ShouldBe(["dial-first", "dial-first"]);
    }

    [Fact]
    public async Task A_connect_waits_while_the_node_of_its_service_comes_back()
    {
        // As long as a loaded machine may need to start a node.
        await using var deployment = await LabDeployment.StartAsync(lab.Lab, "waits-for-node", Document(hold: 60));
        var app = await deployment.ContainerAsync("app");
        await Poll.UntilAsync("app reaches db", TimeSpan.FromSeconds(30), async () => (await EchoAsync(app)).Ok);
        await lab.R2.Node.KillAsync();

        var echo = EchoAsync(app);
        await Task.WhenAny(echo, Task.Delay(TimeSpan.FromSeconds(1)));
        echo.IsCompleted.ShouldBeFalse("nobody is there to answer");
        await lab.R2.Node.StartAsync();

        (await echo).Detail.ShouldBe("held");
        await lab.R2.Node.WaitReadyAsync();
    }

    [Fact]
    public async Task Who_calls_what_its_deployment_does_not_have_is_refused_and_the_log_says_who_it_was()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);

        (await PeerPair.RunAsync(pair.App, ["echo", "10.201.255.254", PeerPair.Port, "anybody"])).Detail.ShouldBe("ConnectionRefused");

        await Poll.UntilAsync("the log names the caller", TimeSpan.FromSeconds(10), async () =>
            (await lab.R1.Node.ReadLogAsync()).Contains($"Refused a connection of {pair.Name}/app#0@1 at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_queue_a_closed_port_is_accepted_and_reset_and_the_runner_says_why()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var settings = Path.Combine(lab.R1.Node.DataFolder, "warp.conf");
        var former = File.Exists(settings) ? await File.ReadAllTextAsync(settings) : "";
        await RestartWithAsync(settings, $"{former}\nwarp.relay.dial-first = false\n");
        try
        {
            await pair.WaitReachableAsync(TimeSpan.FromSeconds(30));

            // Whichever comes first: the reset, while it still connects or when it has.
            (await pair.AppToDbAsync("echo", PeerPair.ClosedPort, "anybody")).Detail.ShouldBeOneOf("ConnectionReset", "ConnectionRefused");

            (await lab.R1.WarpAsync("runners", "--json")).Ensure().Output.ShouldContain("warp.relay.dial-first = false");
        }
        finally
        {
            await RestartWithAsync(settings, former);
        }
    }

    private async Task RestartWithAsync(string settings, string content)
    {
        await lab.R1.Node.StopAsync();
        await File.WriteAllTextAsync(settings, content);
        await lab.R1.Node.StartAsync();
        await lab.R1.Node.WaitReadyAsync();
    }

    private static Task<PeerResult> EchoAsync(LabContainer app) => PeerPair.RunAsync(app, ["echo", "$WARP_IST_db", PeerPair.Port, "held"]);

    private static string Document(int hold) => JsonSerializer.Serialize(
        new
        {
            services = new object[]
            {
                new { name = "app", image = "warp-test-peer:latest", runner = "r1", args = new[] { "serve", PeerPair.Port } },
                new { name = "db", image = "warp-test-peer:latest", runner = "r2", args = new[] { "serve", PeerPair.Port }, connectHoldSeconds = hold },
            },
        },
        JsonSerializerOptions.Web);
}
