using System.Diagnostics;

namespace Warp.Bench.Scale.Control;

/// <summary>One control node with more and more deployments of two services each, on a few runners.</summary>
internal static class DeploymentsTable
{
    private const int Changes = 11;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    internal static int Run(IReadOnlyList<int> sizes, int runners, TimeSpan idle)
    {
        using var cluster = new SimulatedCluster();
        cluster.AddRunners(runners);
        var table = new TableRows(
            "deployments", "deployed per s", "CPU ms for each", "heap MB", "memory MB", "idle CPU %", "the runners' %", "change accepted ms", "serves ms", "CPU ms for each",
            "journal rows", "journal kB", "restart: first answers s", "all are there s", "all serve s", "CPU s");
        var there = 0;
        foreach (var size in sizes)
        {
            var cpu = cluster.Control.Cpu;
            var deployed = Stopwatch.StartNew();
            cluster.Control.Ask($"deploy {there} {size}");
            Await(cluster, "complete", size);
            var (rate, each) = ((size - there) / deployed.Elapsed.TotalSeconds, (cluster.Control.Cpu - cpu).TotalMilliseconds / (size - there));
            there = size;

            Thread.Sleep(Settle);
            var quiet = IdleShare.Measure(cluster, idle);
            double heap = cluster.Control.Ask("heap");
            var memory = cluster.Control.ProportionalMemory;
            var change = ChangeCost.Measure(cluster, size, Changes, quiet.Control);
            var journal = JournalSize.Of(cluster.Folder);
            var restart = Stopwatch.StartNew();
            cluster.RestartControl();
            cluster.Control.Ask("first");
            var first = restart.Elapsed;
            var known = Await(cluster, "known", size, restart);
            var complete = Await(cluster, "complete", size, restart);
            table.Add(
                size, rate, each, heap / 1e6, memory / 1e6, 100 * quiet.Control, 100 * quiet.Runners, change.Accepted / 1e3, change.Serves / 1e3, change.Cpu.TotalMilliseconds,
                journal.Rows, journal.Bytes / 1e3, first.TotalSeconds, known.TotalSeconds, complete.TotalSeconds, cluster.Control.Cpu.TotalSeconds);
        }

        return 0;
    }

    private static TimeSpan Await(SimulatedCluster cluster, string command, int count, Stopwatch? since = null)
    {
        var clock = since ?? Stopwatch.StartNew();
        long last;
        while ((last = cluster.Control.Ask(command)) != count)
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"'{command}' was {last} and not {count} within {Patience}");
            }

            Thread.Sleep(LookEvery);
        }

        return clock.Elapsed;
    }
}
