using System.CommandLine;
using Warp.Node.Cli.Completing;
using Warp.Node.Cli.Logs;
using Warp.Node.Configuration;
using Warp.Node.Http;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp logs</c>: a service's output, wherever it runs.</summary>
internal static class LogsCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var service = new Argument<string>(ServiceTarget.Placeholder) { Description = "Whose. The deployment may be left out when only one has a service of that name." }.CompletesServices(connection);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl-C, also with the container that replaces this one." };
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only from then on: a duration such as 10m, or a time such as 2030-01-31T12:00:00Z.", HelpName = "10m|TIME", CustomParser = SinceTime.Parse };
        var tail = new Option<int?>("--tail") { Description = "Only the last lines.", HelpName = "LINES" };
        var replica = new Option<int>("--replica") { Description = "Of which instance, from 0.", HelpName = "NUMBER" };
        var command = new Command("logs", "Print the output of a service's container.") { service, follow, since, tail, replica };
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            var target = await ServiceTarget.FindAsync(node, parsed.GetRequiredValue(service), cancellationToken);
            var wish = new LogWish(target, parsed.GetValue(replica), parsed.GetValue(since), parsed.GetValue(tail), connection.Json(parsed));
            await (parsed.GetValue(follow) ? new LogFollower(node, wish, output).RunAsync(cancellationToken) : CopyAsync(node, wish, output, cancellationToken));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task CopyAsync(NodeClient node, LogWish wish, CommandOutput output, CancellationToken cancellationToken)
    {
        using var destination = new TextWriterStream(output.Out);
        using var answer = await node.OpenLogsAsync(wish.Service, wish.Query(follow: false), wish.Json ? LogStream.NdJson : "text/plain", cancellationToken);
        try
        {
            await answer.Content.CopyToAsync(destination, cancellationToken);
        }
        catch (HttpRequestException broken)
        {
            throw new OperatorException(ExitCode.Failed, "The output broke off: the node or its engine went away. Ask again with --since to go on.", broken);
        }
    }
}
