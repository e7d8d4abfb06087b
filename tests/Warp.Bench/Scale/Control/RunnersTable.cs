using System.Globalization;

namespace Warp.Bench.Scale.Control;

/// <summary>One control node with more and more runners, one deployment among them. What was measured at all sizes but the largest predicts the largest, and all of it what lies beyond.</summary>
internal static class RunnersTable
{
    private const int Changes = 5;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);
    private static readonly int[] Beyond = [100, 200];

    internal static int Run(IReadOnlyList<int> sizes, TimeSpan idle)
    {
        using var cluster = new SimulatedCluster();
        var table = new TableRows(
            "runners", "a new one is seen by all, s", "control: idle CPU %", "heap MB", "each runner: idle CPU %", "heap MB", "memory of one alone, MB", "change accepted ms", "serves ms");
        Dictionary<string, List<double>> figures = new(StringComparer.Ordinal) { ["control: idle CPU %"] = [], ["all runners: idle CPU %"] = [] };
        foreach (var size in sizes)
        {
            // All but the last in one process, which they share; the last in one of its own, as on a host.
            if (size - cluster.Runners > 1)
            {
                cluster.AddRunners(size - cluster.Runners - 1);
            }

            var joined = cluster.AddRunners(1);
            cluster.Control.Ask("deploy 0 1");
            Thread.Sleep(Settle);
            var quiet = IdleShare.Measure(cluster, idle);
            var heap = cluster.RunnerProcesses.Sum(process => process.Ask("heap")) / 1e6 / size;
            var change = ChangeCost.Measure(cluster, 1, Changes, quiet.Control);
            double[] row =
            [
                size, joined.TotalSeconds, 100 * quiet.Control, cluster.Control.Ask("heap") / 1e6, 100 * quiet.Runners / size, heap,
                cluster.RunnerProcesses[^1].ProportionalMemory / 1e6, change.Accepted / 1e3, change.Serves / 1e3,
            ];
            table.Add(row);
            figures["control: idle CPU %"].Add(row[2]);
            figures["all runners: idle CPU %"].Add(size * row[4]);
        }

        foreach (var (name, values) in figures)
        {
            Predict(name, sizes, values);
        }

        return 0;
    }

    private static void Predict(string name, IReadOnlyList<int> sizes, IReadOnlyList<double> values)
    {
        if (sizes.Count < 3)
        {
            return;
        }

        var check = LinearModel.Fit(sizes.SkipLast(1), values.SkipLast(1));
        var (predicted, measured) = (check.At(sizes[^1]), values[^1]);
        var model = LinearModel.Fit(sizes, values);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} = {model}; the smaller sizes predict {predicted:0.00} at {sizes[^1]}, measured {measured:0.00}, error {100 * (predicted - measured) / measured:0} %; {string.Join(", ", Beyond.Select(n => string.Create(CultureInfo.InvariantCulture, $"at {n}: {model.At(n):0.0}")))}"));
    }
}
