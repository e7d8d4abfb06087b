using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp volume</c>: what services keep beyond their containers. Only these verbs make and remove volumes; no deployment ever does.</summary>
internal static class VolumeCommands
{
    private const int PatienceSeconds = 60;

    public static Command Create(ConnectionOptions connection, CommandOutput output) => new("volume", "Volumes of the runners; deployments never make or remove one.")
    {
        Create(new Parts(connection, output)),
        List(new Parts(connection, output)),
        Info(new Parts(connection, output)),
        Remove(new Parts(connection, output)),
    };

    private static Command Create(Parts parts)
    {
        parts.Runner.Required = true;
        var command = new Command("create", "Make an empty volume on a runner, or find the one that is there.") { parts.Id, parts.Runner };
        parts.SetAction(command, async (node, parsed, cancellationToken) =>
        {
            using var time = new WaitTime(PatienceSeconds, cancellationToken);
            var path = Path(parsed.GetRequiredValue(parts.Runner)!, parsed.GetRequiredValue(parts.Id));
            var made = await node.ChangeAsync(HttpMethod.Put, path, document: null, ManagementJson.Default.VolumeDocument, Wish.New(time, parts.Output), cancellationToken);
            parts.Show(parsed, made, $"The volume {made.Id} is on {made.Runner}; a service gets it with \"volumes\": [ {{ \"id\": \"{made.Id}\", \"path\": \"...\" }} ].");
        });
        return command;
    }

    private static Command List(Parts parts)
    {
        var command = new Command("list", "List the volumes of all runners.");
        ReadingVerb.SetAction(
            command,
            parts.Connection,
            parts.Output,
            ManagementJson.Default.VolumeListDocument,
            static (node, _, cancellationToken) => ListAsync(node, cancellationToken),
            list => parts.Output.Table(["volume", "runner", "state"], list.Volumes.Select(one => (IReadOnlyList<string>)[one.Id, one.Runner, one.Reachable ? "reachable" : "runner not heard of"])));
        return command;
    }

    private static Command Info(Parts parts)
    {
        var command = new Command("info", "Show a volume: where it is kept, and who uses it.") { parts.Id, parts.Runner };
        ReadingVerb.SetAction(
            command,
            parts.Connection,
            parts.Output,
            ManagementJson.Default.VolumeDocument,
            async (node, parsed, cancellationToken) => await node.ReadAsync(await PathAsync(node, parts, parsed, cancellationToken), ManagementJson.Default.VolumeDocument, cancellationToken),
            volume => parts.Output.Table(["volume", "runner", "created", "folder", "used by"], [Row(volume)]));
        return command;
    }

    private static Command Remove(Parts parts)
    {
        var command = new Command("remove", "Remove a volume with all that is in it. One that a container uses stays.") { parts.Id, parts.Runner };
        parts.SetAction(command, async (node, parsed, cancellationToken) =>
        {
            using var time = new WaitTime(PatienceSeconds, cancellationToken);
            var path = await PathAsync(node, parts, parsed, cancellationToken);
            var volume = await node.ReadAsync(path, ManagementJson.Default.VolumeDocument, cancellationToken);
            using var done = await node.ChangeAsync(HttpMethod.Delete, path, document: null, Wish.New(time, parts.Output), cancellationToken);
            parts.Show(parsed, volume, $"The volume {volume.Id} on {volume.Runner} is removed.");
        });
        return command;
    }

    private static IReadOnlyList<string> Row(VolumeDocument volume) =>
    [
        volume.Id,
        volume.Runner,
        volume.CreatedAt?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-",
        volume.Folder ?? "-",
        volume.UsedBy.IsEmpty ? "nobody" : string.Join(", ", volume.UsedBy),
    ];

    private static async Task<string> PathAsync(NodeClient node, Parts parts, ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetRequiredValue(parts.Id);
        if (parsed.GetValue(parts.Runner) is { } named)
        {
            return Path(named, id);
        }

        var list = await ListAsync(node, cancellationToken);
        var runners = list.Volumes.Where(one => string.Equals(one.Id, id, StringComparison.Ordinal)).Select(one => one.Runner).ToList();
        return runners switch
        {
            [var only] => Path(only, id),
            [] => throw new OperatorException(ExitCode.NotFound, $"No runner has a volume '{id}'. 'warp volume list' lists those there are."),
            _ => throw new OperatorException(ExitCode.Usage, $"Several runners have a volume '{id}': say which with --runner, one of {string.Join(", ", runners)}."),
        };
    }

    private static Task<VolumeListDocument> ListAsync(NodeClient node, CancellationToken cancellationToken) =>
        node.ReadAsync("warp/v1/volumes", ManagementJson.Default.VolumeListDocument, cancellationToken);

    private static string Path(string runner, string id) => $"warp/v1/runners/{Uri.EscapeDataString(runner)}/volumes/{Uri.EscapeDataString(id)}";

    /// <summary>What the four have in common; each has its own, since an option is required with one and not with another.</summary>
    private sealed record Parts(ConnectionOptions Connection, CommandOutput Output)
    {
        public Argument<string> Id { get; } = new("ID") { Description = "The volume's id, as a service's volumes name it." };

        public Option<string?> Runner { get; } = new Option<string?>("--runner") { Description = "The runner that has it, or is to have it. May be left out when only one has it.", HelpName = "RUNNER" }.CompletesRunners(Connection);

        public void SetAction(Command command, Func<NodeClient, ParseResult, CancellationToken, Task> act)
        {
            Connection.AddJsonTo(command);
            command.SetAction(async (parsed, cancellationToken) =>
            {
                using var node = Connection.Connect(parsed);
                await act(node, parsed, cancellationToken);
                return (int)ExitCode.Ok;
            });
        }

        public void Show(ParseResult parsed, VolumeDocument volume, string line) =>
            Output.Line(Connection.Json(parsed) ? JsonSerializer.Serialize(volume, ManagementJson.Default.VolumeDocument) : line);
    }
}
