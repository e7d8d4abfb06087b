using System.Text;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Privacy;

/// <summary>What an eavesdropper between two runners sees.</summary>
[Collection(LabGroup.Name)]
public sealed class WireTests(LabFixture lab)
{
    private const string ControlPort = "9999";

    [Fact]
    public async Task What_services_say_is_never_in_plain_text_on_the_wire_between_runners()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        using var capture = await lab.Lab.Network.CaptureAsync(Path.Combine(lab.Lab.Folder, "wire.pcap"));

        for (var i = 0; i < 20; i++)
        {
            (await pair.AppToDbAsync("echo", PeerPair.Port, "a secret of app and db")).Ok.ShouldBeTrue();
        }

        (await pair.DbToAppAsync("echo", PeerPair.Port, "a secret of app and db")).Ok.ShouldBeTrue();

        // The control comes last: once the capture has it, it has everything before it.
        await SendPlainlyAsync("said without Warp");
        await Poll.UntilAsync("the control is in the capture", TimeSpan.FromSeconds(20), () => capture.SawAsync(Encoding.UTF8.GetBytes("said without Warp")));
        (await capture.SawAsync(Encoding.UTF8.GetBytes("a secret of app and db"))).ShouldBeFalse();
        await capture.StopAsync();
    }

    private async Task SendPlainlyAsync(string text)
    {
        var peer = Path.Combine(AppContext.BaseDirectory, "warp-test-peer.dll");
        using var server = await lab.R2.Machine.StartAsync(Path.Combine(lab.Lab.LogFolder, "plain-server.log"), "dotnet", peer, "serve", ControlPort);
        await Poll.UntilAsync("the plain connection", TimeSpan.FromSeconds(20), async () =>
            (await lab.R1.Machine.RunAsync(["dotnet", peer, "echo", lab.R2.Address, ControlPort, text])).ExitCode == 0);
        await server.KillAsync();
    }
}
