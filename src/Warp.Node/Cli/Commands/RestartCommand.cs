using System.CommandLine;
using Warp.Node.Cli.Completing;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp restart</c>: new instances of the same spec, the new one ready before the old one goes.</summary>
internal static class RestartCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var what = new Argument<string>("DEPLOYMENT[/SERVICE]") { Description = "All services of a deployment, or one." }.CompletesDeployments(connection).CompletesServices(connection);
        var command = new Command("restart", "Replace every instance by a new one of the same spec.") { what };
        ChangingVerb.SetAction(command, connection, output, (node, parsed, wish, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(what);
            return ServiceTarget.Split(text) is { } one
                ? node.ChangeAsync(one.Deployment, NodeClient.ServicePath(one.Service, "restart"), document: null, wish, cancellationToken)
                : node.ChangeAsync(text, "restart", document: null, wish, cancellationToken);
        });
        return command;
    }
}
