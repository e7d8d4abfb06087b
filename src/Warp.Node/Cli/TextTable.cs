using Spectre.Console;

namespace Warp.Node.Cli;

/// <summary>A table as the small tools print it: no lines, heads in capitals.</summary>
internal static class TextTable
{
    public static Table Of(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().NoBorder();
        foreach (var head in heads)
        {
            table.AddColumn(new TableColumn(new Text(head.ToUpperInvariant())).PadLeft(0).PadRight(3));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        return table;
    }
}
