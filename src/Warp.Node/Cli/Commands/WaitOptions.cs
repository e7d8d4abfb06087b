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

    /// <summary>The time, counted from now.</summary>
    public WaitTime Start(ParseResult parsed, CancellationToken cancellationToken) => new(parsed.GetValue(_timeout), cancellationToken);
}
