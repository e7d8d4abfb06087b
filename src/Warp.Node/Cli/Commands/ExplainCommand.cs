using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Diagnosis;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp explain app db:5432</c>: where the way from one service to another ends.</summary>
internal static class ExplainCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var from = new Argument<string>("caller") { Description = "Who calls.", HelpName = ServiceTarget.Placeholder };
        var to = new Argument<string>("target") { Description = "Who is called, and at which TCP port.", HelpName = "[DEPLOYMENT/]SERVICE:PORT" };
        var command = new Command("explain", "Say why one service reaches another, or does not: a connection is tried from inside the caller's container.") { from, to };
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (called, port) = Split(parsed.GetValue(to)!);
            using var node = connection.Connect(parsed);
            var caller = await ServiceTarget.FindAsync(node, parsed.GetValue(from)!, cancellationToken);
            var target = ServiceTarget.Split(called) ?? new ServiceTarget(caller.Deployment, called);
            var query = string.Create(CultureInfo.InvariantCulture, $"?to={Uri.EscapeDataString(target.Service)}&port={port}&deployment={Uri.EscapeDataString(target.Deployment)}");
            var path = $"warp/v1/deployments/{Uri.EscapeDataString(caller.Deployment)}/{NodeClient.ServicePath(caller.Service, "explain")}{query}";
            var explained = await node.ReadAsync(path, ManagementJson.Default.ExplanationDocument, cancellationToken);
            if (connection.Json(parsed))
            {
                output.Line(JsonSerializer.Serialize(explained, ManagementJson.Default.ExplanationDocument));
            }
            else
            {
                Print(explained, output);
            }

            return (int)(explained.Works ? ExitCode.Ok : ExitCode.Failed);
        });
        return command;
    }

    private static (string Service, int Port) Split(string target) =>
        target.LastIndexOf(':') is > 0 and var colon && int.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? (target[..colon], port)
            : throw new OperatorException(ExitCode.Usage, $"'{target}' names no TCP port: say SERVICE:PORT, such as db:5432.");

    private static void Print(ExplanationDocument explained, CommandOutput output)
    {
        FindingTable.Print(explained.Steps, output);
        output.Line(explained.Works
            ? $"{explained.From} reaches {explained.To}."
            : $"{explained.From} does not reach {explained.To}: {explained.Steps.FirstOrDefault(step => step.Level == FindingLevel.Problem)?.Message ?? "see above"}.");
    }
}
