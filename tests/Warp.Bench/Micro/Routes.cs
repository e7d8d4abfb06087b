using BenchmarkDotNet.Attributes;
using Warp.Bench.Scale.Traffic;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;

namespace Warp.Bench.Micro;

/// <summary>Route lookups at both ends, and new routes, with one deployment and with thousands.</summary>
public class Routes
{
    private const int Port = 8080;
    private static readonly NodeEndpoint Tunnel = new("127.0.0.1", 4054);
    private readonly RouteHolder _entry = new(ScaleRoutes.Entry);
    private readonly RouteHolder _exit = new(ScaleRoutes.Exit);
    private OpenRequest[] _requests = [];
    private RunnerRoutes[] _snapshots = [];
    private int _next;

    /// <summary>How many deployments the runner has.</summary>
    [Params(1, 5000)]
    public int Deployments { get; set; }

    private int Middle => Deployments / 2;

    /// <summary>Publishes the routes.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _entry.Publish(Make(ScaleRoutes.Entry));
        _exit.Publish(Make(ScaleRoutes.Exit));
        _requests = [.. Enumerable.Range(0, Deployments).Select(i => ScaleRoutes.Request(i, Port))];

        // Two that say the same: as when something changed that is no part of the routes.
        _snapshots = [Make(ScaleRoutes.Entry), Make(ScaleRoutes.Entry)];
    }

    /// <summary>Entry, always the same way.</summary>
    [Benchmark]
    public bool Entry() => _entry.ResolveEntry(ScaleRoutes.ClientContainer(Middle), ScaleRoutes.ServerAddress(Middle)).Way is not null;

    /// <summary>Entry, each deployment in turn: with thousands, what the processor's caches cost.</summary>
    [Benchmark]
    public bool EntryInTurn()
    {
        var number = Next();
        return _entry.ResolveEntry(ScaleRoutes.ClientContainer(number), ScaleRoutes.ServerAddress(number)).Way is not null;
    }

    /// <summary>Exit, always the same way.</summary>
    [Benchmark]
    public bool Exit() => _exit.ResolveExit(ScaleRoutes.Entry, _requests[Middle]).Instance is not null;

    /// <summary>Exit, each deployment in turn.</summary>
    [Benchmark]
    public bool ExitInTurn() => _exit.ResolveExit(ScaleRoutes.Entry, _requests[Next()]).Instance is not null;

    /// <summary>All routes are published again.</summary>
    [Benchmark]
    public void Publish()
    {
        _entry.Publish(_snapshots[0]);
        (_snapshots[0], _snapshots[1]) = (_snapshots[1], _snapshots[0]);
    }

    private int Next() => _next = _next + 1 < Deployments ? _next + 1 : 0;

    private RunnerRoutes Make(RunnerId self) => ScaleRoutes.Make(self, Deployments, Tunnel, _ => Ipv4Address.Parse("127.0.0.1"));
}
