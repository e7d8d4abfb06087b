using System.Text;
using Warp.Lab.Images;
using Warp.Lab.Machines;

namespace Warp.Lab.Demo;

/// <summary>The demonstration: the shop's two services on two runners, what one reads from the other, and what of it can be seen on the wire between them.</summary>
internal sealed class ShopDemo(WarpLab lab)
{
    // A value from a row of the database: it travels from db to app.
    private const string Row = "warp-and-weft scarf";
    private const int ControlPort = 9999;
    private static readonly TimeSpan RowTime = TimeSpan.FromSeconds(60);
    private readonly LabRunner _r1 = lab["r1"];
    private readonly LabRunner _r2 = lab["r2"];

    /// <summary>Deploys, shows and checks.</summary>
    /// <exception cref="LabException">Something is not as it should be.</exception>
    public async Task RunAsync()
    {
        using var capture = await lab.Network.CaptureAsync(Path.Combine(lab.Folder, "wire.pcap"));
        var shop = Path.Combine(ImageArchives.Repository, "examples/shop");
        await WarpAsync("deploy", $"{shop}/app", $"{shop}/db", "--name", "shop", "--runner", "app=r1", "--runner", "db=r2");
        await ShowRowsAsync();
        await WarpAsync("ps");
        await CheckWireAsync(capture);
        await WarpAsync("tunnels");
    }

    /// <summary>How to go on from here.</summary>
    public static string Hints => """

        Look around, from another terminal in this folder:
          ./scripts/lab r1 warp ps
          ./scripts/lab r1 warp logs shop/app -f
          ./scripts/lab r2 docker ps
          ./scripts/lab r1 nft list table inet warp
          ./scripts/lab switch tcpdump -ni lan tcp port 4054
        Ctrl-C ends the lab and removes it.
        """;

    private async Task ShowRowsAsync()
    {
        Title("what app on r1 read from db on r2");
        var logs = await Poll.UntilAsync("app has read its rows", RowTime, async () =>
        {
            var logs = await _r1.WarpAsync("logs", "shop/app");
            return logs.Output.Contains(Row, StringComparison.Ordinal) ? logs.Output : null;
        });
        Console.WriteLine(logs.TrimEnd());
    }

    private async Task CheckWireAsync(PacketCapture capture)
    {
        Title("what an eavesdropper between r1 and r2 has seen");
        await SendPlainlyAsync("sent without Warp");
        await Poll.UntilAsync("the plain text is in the capture", RowTime, () => capture.SawAsync(Encoding.UTF8.GetBytes("sent without Warp")));
        Console.WriteLine("a text that was sent from r1 to r2 without Warp: seen");
        if (await capture.SawAsync(Encoding.UTF8.GetBytes(Row)))
        {
            throw new LabException($"the row '{Row}' was seen in plain text between the runners");
        }

        Console.WriteLine($"the row '{Row}' that app read from db: not seen");
    }

    // The control: were the capture blind, its silence about the row would prove nothing.
    private async Task SendPlainlyAsync(string text)
    {
        var peer = Path.Combine(AppContext.BaseDirectory, "warp-test-peer.dll");
        using var server = await _r2.Machine.StartAsync(Path.Combine(lab.LogFolder, "plain-server.log"), "dotnet", peer, "serve", $"{ControlPort}");
        await Poll.UntilAsync("the plain connection", RowTime, async () =>
            (await _r1.Machine.RunAsync(["dotnet", peer, "echo", _r2.Address, $"{ControlPort}", text])).ExitCode == 0);
        await server.KillAsync();
    }

    private async Task WarpAsync(params IReadOnlyList<string> arguments)
    {
        Title($"r1$ warp {string.Join(' ', arguments)}");
        var exitCode = await _r1.Machine.RunOnTerminalAsync([.. _r1.Node.Program, .. arguments]);
        if (exitCode != 0)
        {
            throw new LabException($"'warp {arguments[0]}' ended with {exitCode}");
        }
    }

    private static void Title(string text) => Console.WriteLine($"\n== {text}");
}
