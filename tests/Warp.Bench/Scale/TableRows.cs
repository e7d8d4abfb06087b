using System.Globalization;

namespace Warp.Bench.Scale;

/// <summary>A table whose rows are printed as soon as they are measured: a run that is cut short has shown what it has.</summary>
internal sealed class TableRows
{
    private readonly int _columns;

    /// <param name="columns">Their headings.</param>
    internal TableRows(params IReadOnlyList<string> columns)
    {
        _columns = columns.Count;
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine($"|{string.Concat(columns.Select(_ => "---|"))}");
    }

    /// <summary>Prints one.</summary>
    internal void Add(params IReadOnlyList<double> values)
    {
        if (values.Count != _columns)
        {
            throw new ArgumentException($"the table has {_columns} columns", nameof(values));
        }

        Console.WriteLine($"| {string.Join(" | ", values.Select(Text))} |");
    }

    private static string Text(double value) => value.ToString(Math.Abs(value) >= 100 || value == Math.Floor(value) ? "#,0" : Math.Abs(value) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
