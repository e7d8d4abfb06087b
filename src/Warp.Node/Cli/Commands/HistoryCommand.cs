using System.CommandLine;
using System.Globalization;
using Warp.Node.Cli.Completing;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp history</c>: what a deployment was, and why it changed.</summary>
internal static class HistoryCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("DEPLOYMENT") { Description = "Which one." }.CompletesDeployments(connection);
        var command = new Command("history", "List the revisions of a deployment, the newest first.") { name };
        ReadingVerb.SetAction(
            command,
            connection,
            output,
            ManagementJson.Default.HistoryDocument,
            (node, parsed, cancellationToken) => node.HistoryAsync(parsed.GetRequiredValue(name), cancellationToken),
            history => output.Table(["revision", "accepted", "ran", "reason", "images"], history.Revisions.Select(Row)));
        return command;
    }

    private static IReadOnlyList<string> Row(RevisionDocument revision) =>
    [
        revision.Revision.ToString(CultureInfo.InvariantCulture),
        revision.AcceptedAt.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        revision.Completed ? "completely" : "not completely",
        revision.Reason,
        string.Join(", ", revision.Images.Select(image => $"{image.Service}={image.Image}")),
    ];
}
