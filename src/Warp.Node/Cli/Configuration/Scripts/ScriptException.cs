using Warp.Node.Configuration;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>Why the code of a configuration file did not come to an end; the message names file, line, column and what to do.</summary>
internal sealed class ScriptException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The same for the command line.</summary>
    public OperatorException ForOperator() => new(ExitCode.Usage, Message, this);
}
