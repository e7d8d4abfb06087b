using System.Globalization;
using Warp.Lab.Deployments;
using Warp.Lab.Images;

namespace Warp.Lab.Figures;

/// <summary>
/// What containers see of the network, in turn in the same rounds: on one runner through <c>WARP_IST</c> against the addresses of a plain Docker bridge,
/// and between two runners through <c>WARP_IST</c>, encrypted, against a published port, which is not.
/// </summary>
internal static class TrafficRun
{
    private const string Port = "9000";
    private const string PublishedPort = "9100";
    private const string PlainNetwork = "figures-plain";
    private const string PlainClient = "figures-client";
    private const string PlainServer = "figures-server";

    /// <summary>Measures and prints.</summary>
    /// <param name="rounds">How often each in turn.</param>
    /// <param name="seconds">How long each load takes.</param>
    public static async Task<int> RunAsync(int rounds, int seconds)
    {
        var images = await ImageArchives.TestPeerAsync();
        await using var lab = await WarpLab.StartAsync(new LabOptions());
        await Task.WhenAll(images.Select(lab.LoadImageAsync));
        await using var warp = await LabDeployment.StartAsync(
            lab, "figures-traffic", LabService.Peer("client", "r1", "3211"), LabService.Peer("near", "r1", "3211"), LabService.Peer("far", "r2", "3211"));
        IReadOnlyList<TrafficPath> paths = [.. await WarpPathsAsync(lab, warp), .. await PlainPathsAsync(lab)];
        var figures = Figures(seconds.ToString(CultureInfo.InvariantCulture));
        Print(figures, paths, await TrafficRounds.MeasureAsync(figures, paths, rounds));
        return 0;
    }

    private static IReadOnlyList<TrafficFigure> Figures(string seconds) =>
    [
        new("bulk up, 1 stream, MB/s", "mb_per_s", ["up", "1", seconds]),
        new("bulk down, 1 stream, MB/s", "mb_per_s", ["down", "1", seconds]),
        TrafficFigure.RoundTrips("1", "p50_us", "round trip, 1 connection, p50 us", seconds),
        TrafficFigure.RoundTrips("1", "p99_us", "round trip, 1 connection, p99 us", seconds),
        TrafficFigure.RoundTrips("16", "per_s", "round trips/s, 16 connections", seconds),
        TrafficFigure.Connects("1", seconds),
        TrafficFigure.Connects("16", seconds),
    ];

    private static async Task<IReadOnlyList<TrafficPath>> WarpPathsAsync(WarpLab lab, LabDeployment warp)
    {
        var client = await TrafficEnd.OfAsync(await warp.ContainerAsync("client"));
        var paths = new List<TrafficPath>();
        foreach (var service in new[] { "near", "far" })
        {
            var server = await warp.ContainerAsync(service);
            await (await TrafficEnd.OfAsync(server)).ServeAsync(Port, Log(lab, service));
            paths.Add(new TrafficPath($"WARP_IST, {service}", client, server.IstAddress, Port));
        }

        return paths;
    }

    private static async Task<IReadOnlyList<TrafficPath>> PlainPathsAsync(WarpLab lab)
    {
        var paths = new List<TrafficPath>();
        foreach (var runner in lab.Runners)
        {
            (await runner.DockerAsync("network", "create", PlainNetwork)).Ensure();
            await RunContainerAsync(runner, PlainServer, "--publish", $"{PublishedPort}:{Port}");
            await (await TrafficEnd.OfAsync(runner, PlainServer)).ServeAsync(Port, Log(lab, $"{runner.Name}-plain"));
        }

        var (near, far) = (lab.Runners[0], lab.Runners[1]);
        await RunContainerAsync(near, PlainClient);
        var client = await TrafficEnd.OfAsync(near, PlainClient);
        var address = (await near.DockerAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", PlainServer)).Ensure().Output.Trim();
        paths.Add(new TrafficPath("plain bridge, near", client, address, Port));
        paths.Add(new TrafficPath("published port, far", client, far.Address, PublishedPort));
        return paths;
    }

    private static async Task RunContainerAsync(LabRunner runner, string name, params IReadOnlyList<string> options) =>
        (await runner.DockerAsync(["run", "--detach", "--name", name, "--network", PlainNetwork, .. options, "warp-test-peer:latest", "serve", "3211"])).Ensure();

    private static string Log(WarpLab lab, string name) => Path.Combine(lab.LogFolder, $"figures-{name}.log");

    // The paths are those of Warp and then, in the same order, what each is compared with.
    private static void Print(IReadOnlyList<TrafficFigure> figures, IReadOnlyList<TrafficPath> paths, TrafficRounds measured)
    {
        var pairs = paths.Take(paths.Count / 2).Zip(paths.Skip(paths.Count / 2), (warp, plain) => (Warp: warp, Plain: plain)).ToList();
        Console.WriteLine($"| figure | {string.Join(" | ", pairs.Select(p => $"{p.Warp.Name} | {p.Plain.Name} | ratio"))} |");
        Console.WriteLine($"|---|{string.Concat(pairs.Select(_ => "---|---|---|"))}");
        foreach (var figure in figures)
        {
            var cells = pairs.Select(p => $"{measured.Median(figure, p.Warp)} | {measured.Median(figure, p.Plain)} | {measured.Ratio(figure, p.Warp, p.Plain)}");
            Console.WriteLine($"| {figure.Name} | {string.Join(" | ", cells)} |");
        }
    }
}
