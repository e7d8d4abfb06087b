using System.CommandLine;
using System.Text.Json;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp plan</c>: what <c>warp deploy</c> would change; nothing is built or changed.</summary>
internal static class PlanCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var source = new DeploySource();
        var command = new Command("plan", "Show what 'warp deploy' with the same arguments would change, and change nothing.");
        source.AddTo(command);
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var input = source.Read(parsed, output);
            using var node = connection.Connect(parsed);
            var plan = await DeployPlan.AskAsync(node, input, cancellationToken);
            if (connection.Json(parsed))
            {
                output.Line(JsonSerializer.Serialize(plan, ManagementJson.Default.PlanDocument));
            }
            else
            {
                DeployPlan.Print(plan, output);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }
}
