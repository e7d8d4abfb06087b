using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>What the containers of this runner wrote, streamed; it goes over HTTP and never through an actor.</summary>
public interface IContainerLogs
{
    /// <summary>
    /// Finds the service's container (the newest generation, running or not) and opens its log; <see cref="RuntimeFailureKind.NotFound"/> when this runner has none.
    /// </summary>
    Task<RuntimeResult<LogFeed>> OpenAsync(LogQuery query, CancellationToken cancellationToken);
}

/// <summary>Which log, and how much of it.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Service">The service.</param>
public sealed record LogQuery(DeploymentName Deployment, ServiceName Service)
{
    /// <summary>The replica's number, from 0; null takes the lowest that has a container.</summary>
    public int? Ordinal { get; init; }

    /// <summary>Only the last lines, at least 0; null for all that the engine kept.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines written at or after this moment; null for no limit.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether to wait for new lines, also over restarts and new generations of the service on this runner.</summary>
    public bool Follow { get; init; }

    /// <summary>Whether each line comes with the moment at which the engine read it.</summary>
    public bool Timestamps { get; init; }
}

/// <summary>An open log.</summary>
/// <param name="Instance">Whose log it begins with; a followed log may go on with a later generation.</param>
/// <param name="Lines">
/// To be enumerated once. Ends at the end of the log; a followed one ends when the service has had no container here for a while, or by cancellation.
/// Throws <see cref="IOException"/> when the engine is lost while a log that is not followed is read.
/// </param>
public sealed record LogFeed(InstanceId Instance, IAsyncEnumerable<LogLine> Lines);

/// <summary>One line.</summary>
/// <param name="Source">Where the process wrote it.</param>
/// <param name="Timestamp">When the engine read it; null unless asked for.</param>
/// <param name="Text">The line without its end; bytes that are not UTF-8 are replaced; a line of more than 64 KiB comes in pieces.</param>
public sealed record LogLine(LogSource Source, DateTimeOffset? Timestamp, string Text);

/// <summary>The two streams of a process.</summary>
public enum LogSource
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,
}
