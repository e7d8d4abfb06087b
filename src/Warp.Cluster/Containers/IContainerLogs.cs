namespace Warp.Cluster.Containers;

/// <summary>What the containers of this runner wrote. For people, over HTTP; no line of it passes through a mailbox.</summary>
public interface IContainerLogs
{
    /// <summary>Opens a container's output.</summary>
    /// <param name="containerId">The engine's id.</param>
    /// <param name="query">Which part of it.</param>
    /// <param name="cancellationToken">Ends the opening and the reading.</param>
    Task<RuntimeResult<ContainerOutput>> OpenLogsAsync(string containerId, LogQuery query, CancellationToken cancellationToken);
}

/// <summary>An opened output.</summary>
/// <param name="Lines">
/// In the order written, to be enumerated once; they end at the end of the output, or with the container when following. An engine that is lost while
/// reading ends them with an <see cref="IOException"/>.
/// </param>
public sealed record ContainerOutput(IAsyncEnumerable<LogLine> Lines);

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
