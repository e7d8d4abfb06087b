using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp runner remove</c>: ends a runner's access, at once and for ever.</summary>
internal static class RunnerRemoveCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("NAME") { Description = "Which runner." }.CompletesRunners(connection);
        var force = new Option<bool>("--force") { Description = "Also when it has instances, or was not heard of. Instances that are bound to no runner start elsewhere." };
        var remove = new Command("remove", "Remove a runner from the cluster: every other node ends what it has open with it and refuses it from now on.") { name, force };
        connection.AddJsonTo(remove);
        remove.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            var path = $"warp/v1/runners/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}?force={(parsed.GetValue(force) ? "true" : "false")}";
            using var request = new HttpRequestMessage(HttpMethod.Delete, path);
            using var answer = await node.SendStreamAsync(request, cancellationToken);
            var removed = await answer.Content.ReadFromJsonAsync(ManagementJson.Default.RunnerRemovalDocument, cancellationToken)
                ?? throw new OperatorException(ExitCode.Failed, "The node answered nothing.");
            output.Line(connection.Json(parsed)
                ? JsonSerializer.Serialize(removed, ManagementJson.Default.RunnerRemovalDocument)
                : $"{removed.Name} is removed: no node talks to it any more. Its containers go on alone until its node or its machine is stopped.");
            return (int)ExitCode.Ok;
        });
        return remove;
    }
}
