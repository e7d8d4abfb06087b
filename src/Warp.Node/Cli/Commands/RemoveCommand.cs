using System.CommandLine;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp remove</c>: takes a deployment away and waits until it is gone.</summary>
internal static class RemoveCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("DEPLOYMENT") { Description = "Which one." };
        var timeout = new WaitOptions();
        var command = new Command("remove", "Stop and remove a deployment's containers and networks. Volumes stay.") { name };
        timeout.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var deployment = parsed.GetRequiredValue(name);
            using var node = connection.Connect(parsed);
            _ = await node.RemoveAsync(deployment, cancellationToken);
            if (timeout.Detached(parsed))
            {
                output.Line($"{deployment} is being removed.");
                return (int)ExitCode.Ok;
            }

            using var patience = timeout.Patience(parsed, cancellationToken);
            while (!await IsSeenGoneAsync(node, deployment, patience.Token, cancellationToken))
            {
                if (patience.IsCancellationRequested)
                {
                    throw new OperatorException(
                        ExitCode.TimedOut, $"{deployment} is still being removed after {timeout.Seconds(parsed)} s. The removal goes on by itself; a runner that is not reachable holds it up: see 'warp runners'.");
                }

                await Task.Delay(LookEvery, cancellationToken);
            }

            output.Line($"{deployment} is removed.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    // A node or control node that restarts meanwhile is no reason to give up: the removal is kept.
    private static async Task<bool> IsSeenGoneAsync(NodeClient node, string deployment, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            return await IsGoneAsync(node, deployment, cancellationToken);
        }
        catch (OperatorException lost) when (lost.ExitCode == ExitCode.Unreachable && !patience.IsCancellationRequested)
        {
            return false;
        }
    }

    // Gone for whoever asks: the deployment itself says so, and the list has noticed.
    private static async Task<bool> IsGoneAsync(NodeClient node, string deployment, CancellationToken cancellationToken)
    {
        try
        {
            _ = await node.GetAsync(deployment, cancellationToken);
            return false;
        }
        catch (OperatorException gone) when (gone.ExitCode == ExitCode.NotFound)
        {
            var list = await node.ListAsync(cancellationToken);
            return !list.Deployments.Any(other => string.Equals(other.Name, deployment, StringComparison.Ordinal));
        }
    }
}
