using System.CommandLine;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp rollback</c>: an earlier revision is taken up again, as a new one.</summary>
internal static class RollbackCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("DEPLOYMENT") { Description = "Which one." }.CompletesDeployments(connection);
        var to = new Option<long?>("--to") { Description = "The revision, as 'warp history' lists them. Default: the last that ran completely before the present one.", HelpName = "REVISION" };
        var command = new Command("rollback", "Take up an earlier revision of a deployment again.") { name, to };
        ChangingVerb.SetAction(command, connection, output, (node, parsed, wish, cancellationToken) =>
        {
            var body = JsonSerializer.Serialize(new RollbackRequest(parsed.GetValue(to)), RequestJson.Default.RollbackRequest);
            return node.ChangeAsync(parsed.GetRequiredValue(name), "rollback", body, wish, cancellationToken);
        });
        return command;
    }
}
