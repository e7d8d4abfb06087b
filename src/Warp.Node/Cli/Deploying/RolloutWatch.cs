using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>Looks at a deployment until an accepted change of it has come about.</summary>
/// <param name="node">Whom to ask.</param>
/// <param name="progress">Shows each look; null shows nothing.</param>
internal sealed class RolloutWatch(NodeClient node, DeployProgress? progress)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <param name="accepted">The answer to the change.</param>
    /// <param name="wait">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The deployment as it is then.</returns>
    /// <exception cref="OperatorException">It failed, or the time is over.</exception>
    public Task<DeploymentDocument> AwaitAsync(DeploymentDocument accepted, WaitTime wait, CancellationToken cancellationToken) =>
        progress is null ? WatchAsync(accepted, wait, static _ => { }, cancellationToken) : progress.ShowAsync(show => WatchAsync(accepted, wait, show, cancellationToken));

    private async Task<DeploymentDocument> WatchAsync(DeploymentDocument accepted, WaitTime wait, Action<DeploymentDocument> show, CancellationToken cancellationToken)
    {
        for (var document = accepted; ; document = await LookAsync(document, wait, cancellationToken))
        {
            show(document);
            if (document.Revision != accepted.Revision)
            {
                throw await OvertakenAsync(accepted, cancellationToken);
            }

            var verdict = DeployVerdict.Of(document, failuresMayBeOld: accepted.Changed == false);
            if (verdict.Up)
            {
                return document;
            }

            if (verdict.Failure is { } failure)
            {
                throw new OperatorException(ExitCode.Failed, failure);
            }

            if (wait.IsOver)
            {
                throw new OperatorException(
                    ExitCode.TimedOut, $"{document.Name} is not up after {wait.Seconds} s: {DeployVerdict.Awaited(document)}. It goes on by itself: see 'warp ps {document.Name}'.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    // Whether the cluster rolled it back or somebody else changed it: the reason of the next revision says it.
    private async Task<OperatorException> OvertakenAsync(DeploymentDocument accepted, CancellationToken cancellationToken)
    {
        var history = await node.HistoryAsync(accepted.Name, cancellationToken);
        var next = history.Revisions.LastOrDefault(one => one.Revision > accepted.Revision);
        return new OperatorException(
            ExitCode.Failed, $"{accepted.Name} revision {accepted.Revision} did not last: revision {next?.Revision} followed ({next?.Reason}). See 'warp history {accepted.Name}'.");
    }

    // A node or control node that restarts meanwhile is no reason to give up: the accepted wish is kept, and so is the last look.
    private async Task<DeploymentDocument> LookAsync(DeploymentDocument last, WaitTime wait, CancellationToken cancellationToken)
    {
        try
        {
            return await node.GetAsync(last.Name, cancellationToken);
        }
        catch (OperatorException lost) when (lost.ExitCode == ExitCode.Unreachable && !wait.IsOver)
        {
            return last;
        }
    }
}
