using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Warp.Bench.Relay;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay;
using Warp.Node.Routing;

namespace Warp.Bench.Scale.Traffic;

/// <summary>
/// One engine in a process of its own: no process may have enough files open for both ends of tens of thousands of streams. It obeys lines of standard input:
/// <c>cpu</c> answers with the microseconds of processor time used so far, <c>publish</c> puts routes into force that say the same and answers with the microseconds that took.
/// </summary>
internal static class EngineHost
{
    private static readonly Ipv4Address ServerContainer = Ipv4Address.Parse("127.0.0.1");

    /// <summary>Runs until standard input ends.</summary>
    internal static async Task<int> RunAsync(Arguments given)
    {
        var self = RunnerId.Parse(given.Required("runner"));
        var exit = new NodeEndpoint("127.0.0.1", given.Number("tunnel", 0));
        var (deployments, measured, port) = (given.Number("deployments", 1), given.Number("measured", 0), given.Number("port", 0));
        var options = new RelayOptions { InterceptEndpoint = null, TunnelEndpoint = null, BindCaller = false };
        options = self == ScaleRoutes.Exit
            ? options with { TunnelEndpoint = new IPEndPoint(IPAddress.Loopback, exit.Port) }
            : options with { StaticEntries = [Entry(given.Number("listen", 0), measured, port), .. IdleEntries(given.Required("listen-idle"), port)] };

        using var loggers = LoggerFactory.Create(b => b.AddSimpleConsole(c => c.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        var routes = new RouteHolder(self);
        routes.Publish(Routes());
        await using var engine = new RelayEngine(options, routes, new FixedCredentials(Credentials(self, given.Required("folder"))), loggers);
        var problem = engine.Start().Problem;
        if (problem is null && self == ScaleRoutes.Entry)
        {
            problem = (await engine.Ensure(new Peer(ScaleRoutes.Exit, exit, exit)).OpenTrunkAsync(CancellationToken.None)).Problem;
        }

        await Console.Out.WriteLineAsync(problem ?? "ready");
        while (await Console.In.ReadLineAsync() is { } command)
        {
            await Console.Out.WriteLineAsync((command is "publish" ? Publish() : CpuMicroseconds()).ToString(CultureInfo.InvariantCulture));
        }

        return 0;

        RunnerRoutes Routes() => ScaleRoutes.Make(self, deployments, exit, i => new Ipv4Address(ServerContainer.Bits + (i == measured ? 0 : 1 + ((uint)i % 200))));

        long Publish()
        {
            var snapshot = Routes();
            var clock = Stopwatch.StartNew();
            routes.Publish(snapshot);
            return (long)clock.Elapsed.TotalMicroseconds;
        }
    }

    private static long CpuMicroseconds() => (long)Environment.CpuUsage.TotalTime.TotalMicroseconds;

    // Each with a deployment and a server's address of its own: the kernel searches long for a free port when most to one address are in use.
    private static IEnumerable<StaticEntry> IdleEntries(string ports, int port) =>
        ports.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((listen, i) => Entry(int.Parse(listen, CultureInfo.InvariantCulture), i, port));

    private static StaticEntry Entry(int listen, int deployment, int port) =>
        new(new IPEndPoint(IPAddress.Loopback, listen), ScaleRoutes.ClientContainer(deployment), ScaleRoutes.ServerAddress(deployment), port);

    private static Node.Security.NodeCredentials Credentials(RunnerId runner, string folder)
    {
        return BenchAuthority.Read(runner, Text($"{runner}.crt"), Text($"{runner}.key"), Text("ca.crt"));

        string Text(string name) => File.ReadAllText(Path.Combine(folder, name));
    }
}
