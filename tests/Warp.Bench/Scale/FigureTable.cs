using System.Globalization;

namespace Warp.Bench.Scale;

/// <summary>Figures of several subjects that were measured in turn: each is compared with the first one of the same round.</summary>
internal sealed class FigureTable(params IReadOnlyList<string> subjects)
{
    private readonly List<(string Name, List<double>[] Values)> _figures = [];

    /// <summary>Adds what one subject reached in this round.</summary>
    internal void Add(string figure, int subject, double value)
    {
        if (_figures.Find(f => string.Equals(f.Name, figure, StringComparison.Ordinal)).Values is not { } values)
        {
            values = [.. subjects.Select(_ => new List<double>())];
            _figures.Add((figure, values));
        }

        values[subject].Add(value);
    }

    /// <summary>Prints the medians, and of each further subject the median of its ratios.</summary>
    internal void Print()
    {
        Console.WriteLine($"| figure | {string.Join(" | ", subjects)} |");
        Console.WriteLine($"|---|{string.Concat(subjects.Select(_ => "---|"))}");
        foreach (var (name, values) in _figures)
        {
            var cells = values.Select((v, i) => v.Count == 0 ? "-" : i == 0 ? Number(Medians.Of(v)!.Value) : $"{Number(Medians.Of(v)!.Value)} ({Medians.Of(v.Zip(values[0], (a, b) => a / b)):0.000})");
            Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
