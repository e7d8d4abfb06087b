using System.CommandLine;
using System.Globalization;
using Warp.Node.Cli.Logs;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp audit</c>: who changed what.</summary>
internal static class AuditCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only from then on: a duration such as 10m, or a time such as 2030-01-31T12:00:00Z.", HelpName = "10m|TIME", CustomParser = SinceTime.Parse };
        var tail = new Option<int?>("--tail") { Description = "Only the newest entries.", HelpName = "ENTRIES" };
        var command = new Command("audit", "List what a node was asked to change, by whom, and with which result.") { since, tail };
        ReadingVerb.SetAction(
            command,
            connection,
            output,
            ManagementJson.Default.AuditDocument,
            (node, parsed, cancellationToken) => node.ReadAsync($"warp/v1/audit{Query(parsed.GetValue(since), parsed.GetValue(tail))}", ManagementJson.Default.AuditDocument, cancellationToken),
            audit => output.Table(["at", "who", "from", "what", "path", "result"], audit.Entries.Select(Row)));
        return command;
    }

    private static string Query(DateTimeOffset? since, int? tail)
    {
        string?[] parts = [since is { } time ? $"since={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}" : null, tail is { } number ? string.Create(CultureInfo.InvariantCulture, $"tail={number}") : null];
        return parts.OfType<string>().ToArray() is { Length: > 0 } given ? $"?{string.Join('&', given)}" : "";
    }

    private static IReadOnlyList<string> Row(AuditEntryDocument entry) =>
    [
        entry.At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        entry.Who ?? "nobody known",
        entry.PassedOnBy is { } runner ? $"{entry.From}, for somebody at {runner}" : entry.From,
        entry.What,
        entry.Path,
        string.Join(", ", Result(entry)),
    ];

    private static IEnumerable<string> Result(AuditEntryDocument entry)
    {
        yield return entry.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status}{(entry.Error is null ? "" : $" {entry.Error}")}") : "the caller went";
        if (entry.Unwritten is { } unwritten)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"and {unwritten} times before");
        }

        if (entry.Lost is { } lost)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{lost} entries before it are only in the node's log");
        }
    }
}
