namespace Warp.Node.Http.Logs;

/// <summary>What the containers of this runner wrote.</summary>
public interface IContainerLogs
{
    /// <summary>Reads a container's output in the order written; ends at the end of the output, or with the container when following.</summary>
    /// <param name="containerId">The engine's id.</param>
    /// <param name="query">Which part of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ContainerLogsException">The engine does not answer, or has no such container.</exception>
    IAsyncEnumerable<LogLine> ReadAsync(string containerId, LogQuery query, CancellationToken cancellationToken);
}

/// <summary>Which part of a container's output is wanted.</summary>
/// <param name="Follow">Whether to go on with what is written from now on.</param>
/// <param name="Tail">Only so many of the last lines, 0 or more; null: all that the engine kept.</param>
/// <param name="Since">Only lines written at or after this time; null: from the beginning.</param>
public sealed record LogQuery(bool Follow, int? Tail, DateTimeOffset? Since);

/// <summary>One line of output.</summary>
/// <param name="Time">When the engine took it.</param>
/// <param name="Error">True for standard error, false for standard output.</param>
/// <param name="Text">Without its line end; bytes that are not UTF-8 are replaced by U+FFFD.</param>
public sealed record LogLine(DateTimeOffset Time, bool Error, string Text);

/// <summary>The engine did not give the output; the message names cause and next step.</summary>
public sealed class ContainerLogsException : Exception
{
    /// <summary>With cause and next step, for a person.</summary>
    public ContainerLogsException(string message)
        : base(message)
    {
    }

    /// <summary>With the engine's own error.</summary>
    public ContainerLogsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
