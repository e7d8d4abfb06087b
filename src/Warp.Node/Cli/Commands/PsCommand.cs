using System.CommandLine;
using Warp.Node.Cli.Completing;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp ps</c>: every service, where it is and how it does.</summary>
internal static class PsCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string?>("DEPLOYMENT") { Description = "Only this one.", Arity = ArgumentArity.ZeroOrOne }.CompletesDeployments(connection);
        var command = new Command("ps", "List deployments and their services.") { name };
        ReadingVerb.SetAction(
            command,
            connection,
            output,
            ManagementJson.Default.DeploymentListDocument,
            async (node, parsed, cancellationToken) => parsed.GetValue(name) is { } one
                ? new DeploymentListDocument([await node.GetAsync(one, cancellationToken)])
                : await node.ListAsync(cancellationToken),
            list =>
            {
                output.Table(ServiceRows.Heads, list.Deployments.SelectMany(ServiceRows.Of));
                foreach (var deployment in list.Deployments.Where(one => one.Outcome is not null))
                {
                    output.Line($"{deployment.Name}: {deployment.Outcome}");
                }
            });
        return command;
    }
}
