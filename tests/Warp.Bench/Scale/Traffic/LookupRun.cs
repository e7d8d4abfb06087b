using System.Diagnostics;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;

namespace Warp.Bench.Scale.Traffic;

/// <summary>The questions that a connect asks of the route tables of both ends, millions of times.</summary>
internal sealed class LookupRun
{
    private const int Port = 8080;
    private readonly RouteHolder _entry = new(ScaleRoutes.Entry);
    private readonly RouteHolder _exit = new(ScaleRoutes.Exit);
    private readonly OpenRequest[] _requests;

    internal LookupRun(int deployments)
    {
        var tunnel = new NodeEndpoint("127.0.0.1", 4054);
        _entry.Publish(ScaleRoutes.Make(ScaleRoutes.Entry, deployments, tunnel, _ => Ipv4Address.Parse("127.0.0.1")));
        _exit.Publish(ScaleRoutes.Make(ScaleRoutes.Exit, deployments, tunnel, _ => Ipv4Address.Parse("127.0.0.1")));
        _requests = [.. Enumerable.Range(0, deployments).Select(i => ScaleRoutes.Request(i, Port))];
    }

    /// <summary>Looks one way up at both ends, again and again.</summary>
    /// <returns>Nanoseconds for each.</returns>
    internal double Same(int count) => Run(count, inTurn: false);

    /// <summary>The same with each deployment in turn: what the processor's caches cost comes on top.</summary>
    internal double InTurn(int count) => Run(count, inTurn: true);

    private double Run(int count, bool inTurn)
    {
        var number = _requests.Length / 2;
        var found = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            if (inTurn && ++number >= _requests.Length)
            {
                number = 0;
            }

            found += _entry.ResolveEntry(ScaleRoutes.ClientContainer(number), ScaleRoutes.ServerAddress(number)).Way is null ? 0 : 1;
            found += _exit.ResolveExit(ScaleRoutes.Entry, _requests[number]).Instance is null ? 0 : 1;
        }

        var elapsed = clock.Elapsed;
        return found == 2 * count ? elapsed.TotalNanoseconds / count : throw new InvalidOperationException("a route is missing");
    }
}
