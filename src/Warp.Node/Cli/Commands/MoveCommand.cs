using System.CommandLine;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp move</c>: a service goes to another runner; its address stays, and its connections are held while it goes.</summary>
internal static class MoveCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var service = new Argument<string>(ServiceTarget.Placeholder) { Description = "Which service. The deployment may be left out when only one has a service of that name." }.CompletesServices(connection);
        var runner = new Argument<string>("RUNNER") { Description = "Where to; 'warp runners' lists them." }.CompletesRunners(connection);
        var command = new Command("move", "Move a service to another runner, without a failed connection.") { service, runner };
        ChangingVerb.SetAction(command, connection, output, async (node, parsed, wish, cancellationToken) =>
        {
            var target = await ServiceTarget.FindAsync(node, parsed.GetRequiredValue(service), cancellationToken);
            var body = JsonSerializer.Serialize(new MoveRequest(parsed.GetRequiredValue(runner)), RequestJson.Default.MoveRequest);
            return await node.ChangeAsync(target.Deployment, NodeClient.ServicePath(target.Service, "move"), body, wish, cancellationToken);
        });
        return command;
    }
}
