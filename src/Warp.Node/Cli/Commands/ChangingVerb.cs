using System.CommandLine;
using System.Text.Json;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary>What the verbs that change a deployment have in common: send the wish, show it coming about, and say how it ended.</summary>
internal static class ChangingVerb
{
    /// <summary>Gives the command its <c>--timeout</c>, <c>--detach</c> and <c>--json</c>, and what it does.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="connection">Which node.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="change">Sends the wish and returns the node's answer.</param>
    public static void SetAction(
        Command command, ConnectionOptions connection, CommandOutput output, Func<NodeClient, ParseResult, Wish, CancellationToken, Task<DeploymentDocument>> change)
    {
        var wait = new WaitOptions();
        wait.AddTo(command);
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            using var time = wait.Start(parsed, cancellationToken);
            var accepted = await change(node, parsed, Wish.New(time, output), cancellationToken);
            await FollowAsync(node, accepted, wait.Detached(parsed) ? null : time, connection.Json(parsed), output, cancellationToken);
            return (int)ExitCode.Ok;
        });
    }

    /// <summary>Shows an accepted change coming about, or only that it was accepted.</summary>
    /// <param name="node">Whom to ask.</param>
    /// <param name="accepted">The answer to the change.</param>
    /// <param name="time">How long; null does not wait.</param>
    /// <param name="json">Whether nothing but the document is written, at the end.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task FollowAsync(NodeClient node, DeploymentDocument accepted, WaitTime? time, bool json, CommandOutput output, CancellationToken cancellationToken)
    {
        if (!json)
        {
            output.Line(accepted.Changed == false ? $"{accepted.Name} is as it was (revision {accepted.Revision})." : $"{accepted.Name} revision {accepted.Revision} is accepted.");
        }

        var last = time is null ? accepted : await new RolloutWatch(node, json ? null : new DeployProgress(output)).AwaitAsync(accepted, time, cancellationToken);
        if (json)
        {
            output.Line(JsonSerializer.Serialize(last, ManagementJson.Default.DeploymentDocument));
        }
        else if (time is not null)
        {
            output.Line($"{last.Name} runs.");
        }
    }
}
