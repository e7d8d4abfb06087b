namespace Warp.Lab;

/// <summary>What a tool said when it had ended.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ToolResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The result itself when the tool succeeded.</summary>
    /// <exception cref="LabException">It did not; the message holds what it said.</exception>
    public ToolResult Ensure() =>
        ExitCode == 0 ? this : throw new LabException($"'{Command}' ended with {ExitCode}: {(Error.Trim().Length > 0 ? Error : Output).Trim()}");
}

/// <summary>The lab could not do what it was asked; the message says why.</summary>
public sealed class LabException : Exception
{
    /// <summary>With no cause told.</summary>
    public LabException()
    {
    }

    /// <summary>With the cause in words.</summary>
    public LabException(string message)
        : base(message)
    {
    }

    /// <summary>With the cause in words and the exception behind it.</summary>
    public LabException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
