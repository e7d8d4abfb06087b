using System.Globalization;

namespace Warp.Bench.Scale.Traffic;

/// <summary>The processes of one run, and the rounds.</summary>
internal sealed class ScaleRun : IDisposable
{
    private const int WarmUp = 3;
    private const int IdleDeployments = 16;
    private const int Publications = 10;
    private static readonly TimeSpan PublicationInterval = TimeSpan.FromMilliseconds(50);
    private readonly ScalePlan _plan;
    private readonly string[] _names;
    private readonly HelperProcess _server;
    private readonly List<EnginePair> _pairs = [];
    private readonly double _idleBytes;

    /// <summary>Starts everything, and opens the idle connections.</summary>
    internal ScaleRun(ScalePlan plan, string folder)
    {
        _plan = plan;
        _names = ["1 deployment", "the same again", $"{plan.Deployments} deployments", $"{plan.Idle} idle streams"];
        int[] ports = [.. _names.Select(_ => FreePort.Next())];
        _server = HelperProcess.Start(["server", .. ports.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        (int Deployments, int Idle)[] kinds = [(1, 0), (1, 0), (plan.Deployments, 0), (1 + IdleDeployments, IdleDeployments)];
        _pairs.AddRange(kinds.Zip(ports, (kind, port) => new EnginePair(folder, kind.Deployments, port, kind.Idle)));
        for (var i = 0; i < WarmUp; i++)
        {
            _pairs.ForEach(pair => Load.ConnectsPerSecond(pair.Listener, plan.Connects));
            _pairs.ForEach(pair => Load.RoundTrips(pair.Listener, count => count < 10 * plan.Connects));
        }

        var before = _pairs[^1].Memory;
        _pairs[^1].OpenIdle(plan.Idle);
        _idleBytes = (_pairs[^1].Memory - before) / (double)plan.Idle;
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

    private void Round(EnginePair pair, int subject, FigureTable figures)
    {
        var cpu = pair.Cpu;
        figures.Add("connects per second", subject, Load.ConnectsPerSecond(pair.Listener, _plan.Connects));
        figures.Add("CPU per connect of both relays, us", subject, (pair.Cpu - cpu) / (double)_plan.Connects);

        cpu = pair.Cpu;
        var times = Load.RoundTrips(pair.Listener, count => count < 10 * _plan.Connects);
        figures.Add("CPU per round trip of both relays, us", subject, (pair.Cpu - cpu) / (double)times.Length);
        figures.Add("round trip p50, us", subject, times[times.Length / 2]);
        figures.Add("round trip p99, us", subject, times[times.Length * 99 / 100]);
        Publishing(pair, subject, figures);
    }

    // New routes all the time: how long they take, and what a round trip sees of it.
    private static void Publishing(EnginePair pair, int subject, FigureTable figures)
    {
        var took = new List<long>();
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Publications; i++)
            {
                took.Add(pair.Publish());
                await Task.Delay(PublicationInterval);
            }
        });
        var times = Load.RoundTrips(pair.Listener, _ => !publishing.IsCompleted);
        publishing.GetAwaiter().GetResult();
        figures.Add("new routes take, us", subject, took.Order().ElementAt(took.Count / 2));
        figures.Add("round trip while routes are published p50, us", subject, times[times.Length / 2]);
        figures.Add("the same p99, us", subject, times[times.Length * 99 / 100]);
        figures.Add("the same, longest, us", subject, times[^1]);
    }
}
