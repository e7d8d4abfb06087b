using System.CommandLine;
using System.Globalization;
using Warp.Node.Configuration;
using Warp.Node.Http;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp logs</c>: a service's output, wherever it runs.</summary>
internal static class LogsCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var service = new Argument<string>("[DEPLOYMENT/]SERVICE") { Description = "Whose. The deployment may be left out when only one has a service of that name." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl-C." };
        var tail = new Option<int?>("--tail") { Description = "Only the last lines.", HelpName = "LINES" };
        var command = new Command("logs", "Print the output of a service's container.") { service, follow, tail };
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            var (deployment, name) = await FindAsync(node, parsed.GetRequiredValue(service), cancellationToken);
            var query = string.Create(CultureInfo.InvariantCulture, $"?follow={(parsed.GetValue(follow) ? "true" : "false")}{(parsed.GetValue(tail) is { } lines ? $"&tail={lines}" : "")}");
            using var destination = new TextWriterStream(output.Out);
            await node.CopyLogsAsync(deployment, name, query, connection.Json(parsed) ? LogStream.NdJson : "text/plain", destination, cancellationToken);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task<(string Deployment, string Service)> FindAsync(NodeClient node, string text, CancellationToken cancellationToken)
    {
        // A service's name holds no slash.
        if (text.Split('/', 2) is [{ Length: > 0 } deployment, { Length: > 0 } service])
        {
            return (deployment, service);
        }

        var list = await node.ListAsync(cancellationToken);
        var owners = list.Deployments.Where(one => one.Services.Any(each => string.Equals(each.Name, text, StringComparison.Ordinal))).Select(one => one.Name).ToList();
        return owners switch
        {
            [var only] => (only, text),
            [] => throw new OperatorException(ExitCode.NotFound, $"No deployment has a service '{text}'. 'warp ps' lists those there are."),
            _ => throw new OperatorException(ExitCode.Usage, $"Several deployments have a service '{text}': say which, as one of {string.Join(", ", owners.Select(owner => $"{owner}/{text}"))}."),
        };
    }
}
