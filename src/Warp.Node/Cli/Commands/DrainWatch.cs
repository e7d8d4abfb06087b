using System.Globalization;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary>Looks at a runner that is being drained until all has left that is going to, and shows what changes.</summary>
/// <param name="node">Whom to ask.</param>
/// <param name="path">Of the drain.</param>
/// <param name="output">Shows each change; null shows nothing.</param>
internal sealed class DrainWatch(NodeClient node, string path, CommandOutput? output)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    /// <param name="accepted">The answer to the wish.</param>
    /// <param name="wait">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is left then; all of it stays.</returns>
    /// <exception cref="OperatorException">The time is over.</exception>
    public async Task<DrainDocument> AwaitAsync(DrainDocument accepted, WaitTime wait, CancellationToken cancellationToken)
    {
        for (var drain = accepted; ; drain = await LookAsync(drain, wait, cancellationToken))
        {
            Show(drain);
            if (drain.Done)
            {
                return drain;
            }

            if (wait.IsOver)
            {
                throw new OperatorException(
                    ExitCode.TimedOut,
                    $"{drain.Name} is not empty after {wait.Seconds} s: {Left(drain)}. It goes on by itself: say 'warp drain {drain.Name}' again to see how far it is, or 'warp undrain {drain.Name}'.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    // A node or control node that restarts meanwhile is no reason to give up: the wish is kept.
    private async Task<DrainDocument> LookAsync(DrainDocument last, WaitTime wait, CancellationToken cancellationToken)
    {
        try
        {
            return await node.ReadAsync(path, ManagementJson.Default.DrainDocument, cancellationToken);
        }
        catch (OperatorException lost) when (lost.ExitCode == ExitCode.Unreachable && !wait.IsOver)
        {
            return last;
        }
    }

    private void Show(DrainDocument drain)
    {
        // While an instance is replaced where it stays, there are two of its ordinal.
        var now = drain.Instances.GroupBy(Name, StringComparer.Ordinal).ToDictionary(one => one.Key, one => Text(one.Last()), StringComparer.Ordinal);
        foreach (var (name, text) in now.Where(line => !string.Equals(_shown.GetValueOrDefault(line.Key), line.Value, StringComparison.Ordinal)))
        {
            output?.Line($"{name} {text}");
        }

        foreach (var gone in _shown.Keys.Except(now.Keys, StringComparer.Ordinal).ToList())
        {
            output?.Line($"{gone} has left");
            _shown.Remove(gone);
        }

        foreach (var (name, text) in now)
        {
            _shown[name] = text;
        }
    }

    private static string Name(DrainInstanceDocument instance) => string.Create(CultureInfo.InvariantCulture, $"{instance.Deployment}/{instance.Service}#{instance.Ordinal}");

    private static string Text(DrainInstanceDocument instance) => instance.State switch
    {
        DrainInstanceState.Waiting => "waits for its turn",
        DrainInstanceState.Moving => "is started elsewhere",
        DrainInstanceState.Finishing => "has its successor; its connections come to their end",
        _ => $"stays: {instance.Reason}",
    };

    private static string Left(DrainDocument drain) => string.Join(
        "; ",
        drain.Instances.Where(instance => instance.State != DrainInstanceState.Stays).Select(instance => $"{Name(instance)} {Text(instance)}")
            .Concat(drain.Unknown > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{drain.Unknown} containers are of no deployment that the control node knows")] : []));
}
