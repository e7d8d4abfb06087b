using Warp.Node.Configuration;

namespace Warp.Node.Cli.Configuration;

/// <summary>Collects all that is wrong with the files of a deployment, and what is only worth saying.</summary>
internal sealed class ConfigProblems
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    /// <summary>What has no effect or is not as the author may think, in order, each once; never null.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Error(string message) => _errors.Add(message);

    public void Warn(string message)
    {
        if (!_warnings.Contains(message, StringComparer.Ordinal))
        {
            _warnings.Add(message);
        }
    }

    /// <exception cref="OperatorException">Something is wrong; the message names all of it.</exception>
    public void ThrowIfAny()
    {
        if (_errors is [var only])
        {
            throw new OperatorException(ExitCode.Usage, only);
        }

        if (_errors.Count > 1)
        {
            throw new OperatorException(ExitCode.Usage, $"{_errors.Count} things are wrong:{string.Concat(_errors.Select(error => $"\n  {error}"))}");
        }
    }
}
