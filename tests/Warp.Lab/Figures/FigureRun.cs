using System.Diagnostics;
using System.Globalization;
using Warp.Lab.Deployments;
using Warp.Lab.Images;
using Warp.TestPeer;

namespace Warp.Lab.Figures;

/// <summary>Measures what the project promises to print: times and memory of a lab of two runners, medians of a few rounds.</summary>
internal static class FigureRun
{
    private const int Rounds = 5;
    private const string Port = "3211";
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync()
    {
        string[] images = [.. await ImageArchives.ShopAsync(), .. await ImageArchives.TestPeerAsync()];
        await using var lab = await WarpLab.StartAsync(new LabOptions());
        await Task.WhenAll(images.Select(lab.LoadImageAsync));
        await Task.Delay(IdleTime);
        foreach (var runner in lab.Runners)
        {
            Print($"memory of an idle node, {runner.Name}", $"{await ResidentMegabytesAsync(runner):0} MB");
        }

        Print("deploy to both services running, images present", Median(await RepeatAsync(() => DeployAsync(lab))));
        await ComposeComparison.RunAsync(lab, Rounds);
        await using var pair = await StartPairAsync(lab, "figures");
        foreach (var runner in lab.Runners)
        {
            Print($"killed node {runner.Name}: start to first new connection between the runners", Median(await RepeatAsync(() => KillAsync(runner, pair))));
        }

        return 0;
    }

    private static async Task<TimeSpan> DeployAsync(WarpLab lab)
    {
        var clock = Stopwatch.StartNew();
        var deployment = await LabDeployment.StartAsync(
            lab, "figures-shop", new LabService("app", "shop-app:latest", "r1"), new LabService("db", "shop-db:latest", "r2"));
        var elapsed = clock.Elapsed;
        await deployment.DisposeAsync();
        return elapsed;
    }

    private static async Task<TimeSpan> KillAsync(LabRunner runner, LabDeployment pair)
    {
        var app = await pair.ContainerAsync("app");
        await runner.Node.KillAsync();
        var clock = Stopwatch.StartNew();
        await runner.Node.StartAsync();
        await Poll.UntilAsync("a new connection", TimeSpan.FromSeconds(60), async () =>
            PeerResult.Parse((await app.PeerAsync("echo", "$WARP_IST_db", Port, "again")).Output).Ok);
        var elapsed = clock.Elapsed;
        await runner.Node.WaitReadyAsync();
        return elapsed;
    }

    private static Task<LabDeployment> StartPairAsync(WarpLab lab, string name) =>
        LabDeployment.StartAsync(lab, name, LabService.Peer("app", "r1", Port), LabService.Peer("db", "r2", Port));

    private static async Task<IReadOnlyList<TimeSpan>> RepeatAsync(Func<Task<TimeSpan>> measure)
    {
        var times = new List<TimeSpan>();
        for (var round = 0; round < Rounds; round++)
        {
            times.Add(await measure());
        }

        return times;
    }

    // VmRSS of proc(5), in kB.
    private static async Task<double> ResidentMegabytesAsync(LabRunner runner)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{runner.Node.Process!.Identity.Pid}/status");
        var line = status.First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static string Median(IReadOnlyList<TimeSpan> times)
    {
        var ordered = times.Order().Select(time => time.TotalSeconds).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Medians.Of(ordered):0.0} s (of {ordered.Count}: {ordered[0]:0.0} to {ordered[^1]:0.0})");
    }

    private static void Print(string what, string value) => Console.WriteLine($"{what}: {value}");
}
