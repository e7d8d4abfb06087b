using System.Globalization;
using Warp.Lab.Deployments;
using Warp.Lab.Images;

namespace Warp.Lab.Figures;

/// <summary>
/// What dialling first costs: short connections a second between two runners, in turn in the same rounds, where a caller waits until its service has been
/// dialled, where it is accepted at once (<c>warp.relay.dial-first = false</c>), and where it waits beside five hundred that wait for a service whose runner is away.
/// </summary>
internal static class ConnectRun
{
    private const string Port = "9000";
    private const string Waiting = "500";

    /// <summary>Longer than any run: the load of waiting connections ends with its lab.</summary>
    private const string UntilTheEnd = "3600";

    /// <summary>Measures and prints.</summary>
    /// <param name="rounds">How often each in turn.</param>
    /// <param name="seconds">How long each load takes.</param>
    public static async Task<int> RunAsync(int rounds, int seconds)
    {
        var images = await ImageArchives.TestPeerAsync();
        await using var dialFirst = await LabAsync(images, runners: 2);
        await using var acceptFirst = await LabAsync(images, runners: 2, "WARP__RELAY__DIAL_FIRST=false");
        await using var crowded = await LabAsync(images, runners: 3);
        var time = seconds.ToString(CultureInfo.InvariantCulture);
        IReadOnlyList<TrafficFigure> figures = [.. new[] { "1", "16", "64" }.Select(atOnce => TrafficFigure.Connects(atOnce, time))];
        TrafficPath before = await PathAsync("accept first", acceptFirst), after = await PathAsync("dial first", dialFirst);
        var held = await PathAsync($"dial first, {Waiting} waiting", crowded);
        await HoldAsync(crowded, held.Client);

        var measured = await TrafficRounds.MeasureAsync(figures, [before, after, held], rounds);

        Console.WriteLine($"| figure | {before.Name} | {after.Name} | ratio | {held.Name} | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var figure in figures)
        {
            Console.WriteLine(
                $"| {figure.Name} | {measured.Median(figure, before)} | {measured.Median(figure, after)} | {measured.Ratio(figure, after, before)} " +
                $"| {measured.Median(figure, held)} | {measured.Ratio(figure, held, before)} |");
        }

        return 0;
    }

    private static async Task<WarpLab> LabAsync(IReadOnlyList<string> images, int runners, params IReadOnlyList<string> settings)
    {
        var lab = await WarpLab.StartAsync(new LabOptions { Runners = runners, Settings = settings });
        await Task.WhenAll(images.Select(lab.LoadImageAsync));
        return lab;
    }

    // The deployments are not removed: they end with their labs.
    private static async Task<TrafficPath> PathAsync(string name, WarpLab lab)
    {
        var deployment = await LabDeployment.StartAsync(
            lab,
            "figures-connects",
            [LabService.Peer("client", "r1", "3211"), LabService.Peer("far", "r2", "3211"), .. lab.Runners.Skip(2).Select(runner => LabService.Peer("away", runner.Name, "3211"))]);
        var (client, far) = (await deployment.ContainerAsync("client"), await deployment.ContainerAsync("far"));
        await (await TrafficEnd.OfAsync(far)).ServeAsync(Port, Path.Combine(lab.LogFolder, "figures-far.log"));
        return new TrafficPath(name, await TrafficEnd.OfAsync(client), far.IstAddress, Port);
    }

    /// <summary>Ends the third runner's node and lets so many connect to its service, again as soon as one gives up.</summary>
    private static async Task HoldAsync(WarpLab lab, TrafficEnd client)
    {
        using var api = new Nodes.WarpApi(lab.Runners[0].Node.Socket);
        var away = (await api.FindAsync("figures-connects"))!.Services.Single(service => string.Equals(service.Name, "away", StringComparison.Ordinal));
        await lab.Runners[2].Node.KillAsync();
        await client.StartLoadAsync(Path.Combine(lab.LogFolder, "figures-waiting.log"), "connect", away.IstAddress, Port, Waiting, "64", UntilTheEnd);
    }
}
