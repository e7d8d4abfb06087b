using Spectre.Console;
using Warp.Node.Cli.Commands;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>Shows a deployment coming up: a table that changes in place for a person at a terminal, else one line for each change.</summary>
internal sealed class DeployProgress(CommandOutput output)
{
    private static readonly IReadOnlyList<string> Heads = ["service", "state", "runner", "address", "port"];
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    /// <summary>Runs the work, which calls back with each document it has read.</summary>
    public async Task<T> ShowAsync<T>(Func<Action<DeploymentDocument>, Task<T>> work)
    {
        if (!output.Interactive)
        {
            return await work(PrintChanges);
        }

        return await output.Console().Live(TextTable.Of(Heads, [])).StartAsync(context => work(document =>
        {
            context.UpdateTarget(TextTable.Of(Heads, Rows(document)));
            context.Refresh();
        }));
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(DeploymentDocument document) =>
        ServiceRows.Of(document).Select(IReadOnlyList<string> (row) => [row[1], row[2], row[4], row[5], row[6]]);

    private void PrintChanges(DeploymentDocument document)
    {
        foreach (var row in Rows(document))
        {
            var line = $"{row[0]}: {row[1]}{(row[2] is "-" ? "" : $" on {row[2]}")} (address {row[3]}{(row[4] is "-" ? "" : $", port {row[4]}")})";
            var key = $"{row[0]}@{row[2]}";
            if (!_shown.TryGetValue(key, out var before) || !string.Equals(before, line, StringComparison.Ordinal))
            {
                _shown[key] = line;
                output.Line(line);
            }
        }
    }
}
