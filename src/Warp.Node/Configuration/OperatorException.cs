namespace Warp.Node.Configuration;

/// <summary>
/// Something that only the person who runs the command or the node can put right. The message names the cause and the next step and is shown as it is, without a stack trace.
/// </summary>
public sealed class OperatorException : Exception
{
    /// <summary>With the exit code that the process ends with.</summary>
    /// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
    /// <param name="message">Cause and next step.</param>
    public OperatorException(ExitCode exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>With the failure that lies under it, for the debug log.</summary>
    /// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
    /// <param name="message">Cause and next step.</param>
    /// <param name="inner">The failure.</param>
    public OperatorException(ExitCode exitCode, string message, Exception inner)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>What the process ends with.</summary>
    public ExitCode ExitCode { get; }
}
