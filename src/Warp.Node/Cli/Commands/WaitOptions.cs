using System.CommandLine;

namespace Warp.Node.Cli.Commands;

/// <summary>How long a verb waits for what it asked for.</summary>
internal sealed class WaitOptions
{
    private readonly Option<int> _timeout = new("--timeout") { Description = "How many seconds to wait for the result.", HelpName = "SECONDS", DefaultValueFactory = _ => 120 };
    private readonly Option<bool> _detach = new("--detach") { Description = "Do not wait: the cluster goes on by itself." };

    public void AddTo(Command command)
    {
        command.Add(_timeout);
        command.Add(_detach);
    }

    public bool Detached(ParseResult parsed) => parsed.GetValue(_detach);

    public int Seconds(ParseResult parsed) => parsed.GetValue(_timeout);

    /// <summary>A source that is cancelled when the time is over or the command is.</summary>
    public CancellationTokenSource Patience(ParseResult parsed, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(TimeSpan.FromSeconds(Math.Max(1, Seconds(parsed))));
        return source;
    }
}
