using System.CommandLine;
using System.Text.Json;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp deploy</c>: makes or changes a deployment, and shows it coming up.</summary>
internal static class DeployCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var paths = new Argument<string[]>("FILE|FOLDER") { Description = $"A deployment's JSON file, or one folder with a {ServiceFolder.FileName} for each service.", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "The deployment's name. Default: the file's 'name', else the folder's name (of several: their parent's).", HelpName = "DEPLOYMENT" };
        var runners = new Option<string[]>("--runner") { Description = "Where a service runs; may be repeated and wins over the file.", HelpName = "SERVICE=RUNNER" };
        var wait = new WaitOptions();
        var command = new Command("deploy", "Make or change a deployment and wait until all of it runs.") { paths, name, runners };
        wait.AddTo(command);
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var input = DeployInput.Read(parsed.GetRequiredValue(paths), parsed.GetValue(name), parsed.GetValue(runners) ?? []);
            using var node = connection.Connect(parsed);
            var accepted = await node.PutAsync(input.Name, input.Document, cancellationToken);
            var json = connection.Json(parsed);
            if (!json)
            {
                output.Line(accepted.Changed == false ? $"{accepted.Name} is as it was (revision {accepted.Revision})." : $"{accepted.Name} revision {accepted.Revision} is accepted.");
            }

            var last = wait.Detached(parsed) ? accepted : await AwaitAsync(node, accepted, parsed, wait, json ? null : output, cancellationToken);
            if (json)
            {
                output.Line(JsonSerializer.Serialize(last, ManagementJson.Default.DeploymentDocument));
            }
            else if (!wait.Detached(parsed))
            {
                output.Line($"{last.Name} runs.");
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task<DeploymentDocument> AwaitAsync(
        NodeClient node, DeploymentDocument accepted, ParseResult parsed, WaitOptions wait, CommandOutput? output, CancellationToken cancellationToken)
    {
        using var patience = wait.Patience(parsed, cancellationToken);
        return output is null
            ? await WatchAsync(_ => { })
            : await new DeployProgress(output).ShowAsync(WatchAsync);

        async Task<DeploymentDocument> WatchAsync(Action<DeploymentDocument> show)
        {
            for (var document = accepted; ; document = await LookAsync(node, document, patience.Token, cancellationToken))
            {
                show(document);
                var verdict = DeployVerdict.Of(document, accepted.Revision, failuresMayBeOld: accepted.Changed == false);
                if (verdict.Up)
                {
                    return document;
                }

                if (verdict.Failure is { } failure)
                {
                    throw new OperatorException(ExitCode.Failed, $"{failure}. The deployment is kept and tried again by itself; change it and deploy again, or 'warp remove {document.Name}'.");
                }

                if (patience.IsCancellationRequested)
                {
                    throw new OperatorException(
                        ExitCode.TimedOut, $"{document.Name} is not up after {wait.Seconds(parsed)} s: {DeployVerdict.Awaited(document)}. It goes on by itself: see 'warp ps {document.Name}'.");
                }

                await Task.Delay(LookEvery, cancellationToken);
            }
        }
    }

    // A node or control node that restarts meanwhile is no reason to give up: the accepted wish is kept, and so is the last look.
    private static async Task<DeploymentDocument> LookAsync(NodeClient node, DeploymentDocument last, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            return await node.GetAsync(last.Name, cancellationToken);
        }
        catch (OperatorException lost) when (lost.ExitCode == ExitCode.Unreachable && !patience.IsCancellationRequested)
        {
            return last;
        }
    }
}
