using System.CommandLine;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp deploy</c>: shows what a deployment would change, builds the images it needs, makes or changes it, and shows it coming up.</summary>
internal static class DeployCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var source = new DeploySource();
        var wait = new WaitOptions();
        var command = new Command("deploy", "Make or change a deployment and wait until all of it runs.");
        source.AddTo(command);
        wait.AddTo(command);
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var input = source.Read(parsed, output);
            var json = connection.Json(parsed);
            using var node = connection.Connect(parsed);
            var plan = await PlanAsync(node, input, output, cancellationToken);
            if (plan is not null && !json)
            {
                DeployPlan.Print(plan, output);
            }

            var images = await new ImageBuilds(new BuildClient(node), Progress(json, output)).RunAsync(input, cancellationToken);

            // Building may take long; the time counts from when the cluster is asked.
            using var time = wait.Start(parsed, cancellationToken);
            var accepted = await node.PutAsync(input.Name, input.Document(images), Wish.New(time, output) with { Revision = plan?.Revision }, cancellationToken);
            await ChangingVerb.FollowAsync(node, accepted, wait.Detached(parsed) ? null : time, json, output, cancellationToken);
            if (!json && !wait.Detached(parsed))
            {
                DeployedServices.Print(await node.GetAsync(input.Name, cancellationToken), output);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    // What was shown is what is sent, or it is refused. Without a plan a control plane that is away for a moment is waited for when the wish is sent.
    private static async Task<PlanDocument?> PlanAsync(NodeClient node, DeployInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        try
        {
            return await DeployPlan.AskAsync(node, input, cancellationToken);
        }
        catch (OperatorException away) when (away.ExitCode == ExitCode.Unreachable)
        {
            output.Fail($"warning: there is no plan to show: {away.Message}");
            return null;
        }
    }

    private static IBuildProgress Progress(bool json, CommandOutput output) =>
        json ? new NoBuildProgress() : output.Interactive ? new BuildBars(output.Console()) : new BuildLines(output);
}
