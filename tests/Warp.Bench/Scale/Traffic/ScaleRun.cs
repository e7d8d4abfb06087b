using System.Globalization;
using Warp.Bench.Load;

namespace Warp.Bench.Scale.Traffic;

/// <summary>The processes of one run, and the rounds.</summary>
internal sealed class ScaleRun : IDisposable
{
    private const int WarmUp = 3;
    private const int IdleDeployments = 16;
    private const int MessageBytes = 64;
    private static readonly TimeSpan PublicationInterval = TimeSpan.FromMilliseconds(50);
    private readonly ScalePlan _plan;
    private readonly string[] _names;
    private readonly HelperProcess _server;
    private readonly List<EnginePair> _pairs = [];
    private double _idleBytes;

    private ScaleRun(ScalePlan plan, string folder)
    {
        _plan = plan;
        _names = ["1 deployment", "the same again", $"{plan.Deployments} deployments", $"{plan.Idle} idle streams"];
        int[] ports = [.. _names.Select(_ => FreePort.Next())];
        _server = HelperProcess.Start(["server", .. ports.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        (int Deployments, int Idle)[] kinds = [(1, 0), (1, 0), (plan.Deployments, 0), (1 + IdleDeployments, IdleDeployments)];
        _pairs.AddRange(kinds.Zip(ports, (kind, port) => new EnginePair(folder, kind.Deployments, port, kind.Idle)));
    }

    /// <summary>Starts everything, and opens the idle connections.</summary>
    internal static async Task<ScaleRun> StartAsync(ScalePlan plan, string folder)
    {
        var run = new ScaleRun(plan, folder);
        for (var i = 0; i < WarmUp; i++)
        {
            run._pairs.ForEach(pair => run.Connects(pair));
            run._pairs.ForEach(pair => run.RoundTrips(pair));
        }

        var idle = run._pairs[^1];
        var before = idle.Memory;
        await idle.OpenIdleAsync(plan.Idle);
        run._idleBytes = (idle.Memory - before) / (double)plan.Idle;
        return run;
    }

    /// <summary>Measures and prints.</summary>
    internal void Measure()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_plan}; an idle stream costs {_idleBytes:0} bytes at both ends together"));
        var lookups = new FigureTable("1 deployment", $"{_plan.Deployments} deployments");
        var figures = new FigureTable(_names);
        LookupRun[] tables = [new(1), new(_plan.Deployments)];
        for (var round = 0; round <= _plan.Rounds; round++)
        {
            // The first round is for the compiler.
            var (lookupsNow, figuresNow) = round == 0 ? (new FigureTable("", ""), new FigureTable(_names)) : (lookups, figures);
            for (var i = 0; i < tables.Length; i++)
            {
                lookupsNow.Add("one way, ns", i, tables[i].Same(_plan.Lookups));
                lookupsNow.Add("each way in turn, ns", i, tables[i].InTurn(_plan.Lookups));
            }

            for (var i = 0; i < _pairs.Count; i++)
            {
                Round(_pairs[i], i, figuresNow);
            }
        }

        Console.WriteLine("Lookups, entry and exit together (ratio to the first column)");
        lookups.Print();
        Console.WriteLine("Connects and round trips, one after the other (ratio to the first column)");
        figures.Print();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pairs.ForEach(pair => pair.Dispose());
        _server.Dispose();
    }

    private Dictionary<string, double> Connects(EnginePair pair)
    {
        using var load = new ConnectLoad(pair.Listener, MessageBytes);
        return load.Run(atOnce: 1, _plan.Seconds);
    }

    private Dictionary<string, double> RoundTrips(EnginePair pair)
    {
        using var load = new RoundTripLoad(MessageBytes);
        return load.Run(pair.Listener, connections: 1, _plan.Seconds, () => { });
    }

    private void Round(EnginePair pair, int subject, FigureTable figures)
    {
        var cpu = pair.Cpu;
        var connects = Connects(pair);
        figures.Add("connects per second", subject, connects["per_s"]);
        figures.Add("CPU per connect of both relays, us", subject, (pair.Cpu - cpu) / connects["operations"]);

        cpu = pair.Cpu;
        var trips = RoundTrips(pair);
        figures.Add("CPU per round trip of both relays, us", subject, (pair.Cpu - cpu) / trips["operations"]);
        figures.Add("round trip p50, us", subject, trips["p50_us"]);
        figures.Add("round trip p99, us", subject, trips["p99_us"]);
        Publishing(pair, subject, figures);
    }

    // New routes all the time: how long they take, and what a round trip sees of it.
    private void Publishing(EnginePair pair, int subject, FigureTable figures)
    {
        var took = new List<double>();
        using var ended = new ManualResetEventSlim();
        var publishing = Task.Run(() =>
        {
            do
            {
                took.Add(pair.Publish());
            }
            while (!ended.Wait(PublicationInterval));
        });
        var trips = RoundTrips(pair);
        ended.Set();
        publishing.GetAwaiter().GetResult();
        figures.Add("new routes take, us", subject, Medians.Of(took)!.Value);
        figures.Add("round trip while routes are published p50, us", subject, trips["p50_us"]);
        figures.Add("the same p99, us", subject, trips["p99_us"]);
        figures.Add("the same, longest, us", subject, trips["longest_us"]);
    }
}
