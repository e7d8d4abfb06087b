using System.CommandLine;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp remove</c>: takes a deployment away and waits until it is gone.</summary>
internal static class RemoveCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("DEPLOYMENT") { Description = "Which one." }.CompletesDeployments(connection);
        var wait = new WaitOptions();
        var command = new Command("remove", "Stop and remove a deployment's containers and networks. Volumes stay.") { name };
        wait.AddTo(command);
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var deployment = parsed.GetRequiredValue(name);
            using var node = connection.Connect(parsed);
            using var time = wait.Start(parsed, cancellationToken);
            await RemoveAsync(node, deployment, time, output, cancellationToken);
            var gone = !wait.Detached(parsed);
            if (gone)
            {
                await AwaitGoneAsync(node, deployment, time, cancellationToken);
            }

            output.Line(connection.Json(parsed)
                ? JsonSerializer.Serialize(new RemovalDocument(deployment, Removing: !gone), ManagementJson.Default.RemovalDocument)
                : $"{deployment} is {(gone ? "" : "being ")}removed.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task RemoveAsync(NodeClient node, string deployment, WaitTime time, CommandOutput output, CancellationToken cancellationToken)
    {
        var repeated = false;
        var wish = Wish.New(time, output);
        try
        {
            _ = await node.RemoveAsync(deployment, wish with { Notice = Repeat }, cancellationToken);
        }
        catch (OperatorException gone) when (repeated && gone.ExitCode == ExitCode.NotFound)
        {
            // The first request was taken, and only its answer was lost.
        }

        void Repeat(string why)
        {
            repeated = true;
            wish.Notice(why);
        }
    }

    private static async Task AwaitGoneAsync(NodeClient node, string deployment, WaitTime time, CancellationToken cancellationToken)
    {
        while (!await IsSeenGoneAsync(node, deployment, time, cancellationToken))
        {
            if (time.IsOver)
            {
                throw new OperatorException(
                    ExitCode.TimedOut, $"{deployment} is still being removed after {time.Seconds} s. The removal goes on by itself; a runner that is not reachable holds it up: see 'warp runners'.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    // A node or control node that restarts meanwhile is no reason to give up: the removal is kept.
    private static async Task<bool> IsSeenGoneAsync(NodeClient node, string deployment, WaitTime time, CancellationToken cancellationToken)
    {
        try
        {
            return await IsGoneAsync(node, deployment, cancellationToken);
        }
        catch (OperatorException lost) when (lost.ExitCode == ExitCode.Unreachable && !time.IsOver)
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
