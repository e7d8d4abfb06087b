using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp drain</c> and <c>warp undrain</c>: a runner becomes empty, and takes services again.</summary>
internal static class DrainCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var runner = Runner(connection);
        var deadline = new Option<int?>("--deadline")
        {
            Description = "How many seconds connections of a moved instance may go on at most; else as the node's settings say.",
            HelpName = "SECONDS",
        };
        var wait = new WaitOptions();
        var command = new Command("drain", "Let a runner become empty: nothing new goes there, and what can run elsewhere is moved, without a failed connection.") { runner, deadline };
        wait.AddTo(command);
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            using var time = wait.Start(parsed, cancellationToken);
            var json = connection.Json(parsed);
            var body = JsonSerializer.Serialize(new DrainRequest(parsed.GetValue(deadline)), RequestJson.Default.DrainRequest);
            var path = PathOf(parsed.GetRequiredValue(runner));
            var last = await node.ChangeAsync(HttpMethod.Put, path, body, ManagementJson.Default.DrainDocument, Wish.New(time, output), cancellationToken);
            if (!wait.Detached(parsed))
            {
                last = await new DrainWatch(node, path, json ? null : output).AwaitAsync(last, time, cancellationToken);
            }

            output.Line(json ? JsonSerializer.Serialize(last, ManagementJson.Default.DrainDocument) : Summary(last));
            return (int)(last.Done && !last.Instances.IsEmpty ? ExitCode.Conflict : ExitCode.Ok);
        });
        return command;
    }

    public static Command CreateUndrain(ConnectionOptions connection, CommandOutput output)
    {
        var runner = Runner(connection);
        var command = new Command("undrain", "Let a runner take services again; nothing is moved back.") { runner };
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            using var time = new WaitTime(60, cancellationToken);
            var done = await node.ChangeAsync(
                HttpMethod.Delete, PathOf(parsed.GetRequiredValue(runner)), document: null, ManagementJson.Default.UndrainDocument, Wish.New(time, output), cancellationToken);
            output.Line(connection.Json(parsed) ? JsonSerializer.Serialize(done, ManagementJson.Default.UndrainDocument) : $"{done.Name} takes services again.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> Runner(ConnectionOptions connection) => new Argument<string>("RUNNER") { Description = "Which runner; 'warp runners' lists them." }.CompletesRunners(connection);

    private static string PathOf(string runner) => $"warp/v1/runners/{Uri.EscapeDataString(runner)}/drain";

    private static string Summary(DrainDocument drain) => drain switch
    {
        { Done: false } => $"{drain.Name} is being drained.",
        { Instances.IsEmpty: true } => $"{drain.Name} is empty and takes nothing new: its node may be stopped.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{drain.Name} takes nothing new, and {drain.Instances.Length} stay there."),
    };
}
