using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp flows</c>: who talks to whom.</summary>
internal static class FlowsCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Again every second until Ctrl-C; with --json one document a line." };
        var command = new Command("flows", "Show who talks to whom on all runners, and who was refused lately.") { follow };
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            do
            {
                Print(output, await node.FlowsAsync(cancellationToken), connection.Json(parsed));
            }
            while (parsed.GetValue(follow));

            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Print(CommandOutput output, FlowListDocument list, bool asJson)
    {
        if (asJson)
        {
            output.Line(JsonSerializer.Serialize(list, ManagementJson.Default.FlowListDocument));
            return;
        }

        output.Table(
            ["runner", "deployment", "caller", "target", "port", "open", "connects/s", "sent/s", "received/s", "failed", "last seen"], list.Flows.Select(Row));
        foreach (var denied in list.Denied)
        {
            output.Line($"{denied.Runner}: refused {Number(denied.Times)} times ({denied.Place}{(denied.Reason is { } reason ? $", {reason}" : "")}): {denied.Caller}{(denied.Target is { } target ? $" to {target}" : "")}");
        }

        foreach (var problem in list.Problems)
        {
            output.Line(problem);
        }
    }

    private static IReadOnlyList<string> Row(FlowDocument flow) =>
    [
        flow.Runner,
        flow.Deployment ?? "(other)",
        flow.Caller ?? (flow.Deployment is null ? "(other)" : "(ingress)"),
        flow.Target ?? "(other)",
        flow.Port is { } port ? Number(port) : "(other)",
        flow.InKernel > 0 ? $"{Number(flow.Open + flow.InKernel)} ({Number(flow.InKernel)} in the kernel)" : Number(flow.Open),
        flow.ConnectsPerSecond.ToString("0.#", CultureInfo.InvariantCulture),
        ByteCount.Text((long)flow.SentPerSecond),
        ByteCount.Text((long)flow.ReceivedPerSecond),
        flow.Failures.IsEmpty ? "0" : string.Join(", ", flow.Failures.Select(failure => $"{Number(failure.Value)} {failure.Key}")),
        flow.LastSeen.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
