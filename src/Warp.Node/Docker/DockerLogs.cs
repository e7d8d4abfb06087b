using System.Globalization;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Containers' output from the engine's log files.</summary>
internal sealed class DockerLogs(DockerEngine engine) : IContainerLogs
{
    private readonly DockerContainers _containers = new(engine);

    /// <inheritdoc/>
    public Task<RuntimeResult<ContainerOutput>> OpenLogsAsync(string containerId, LogQuery query, CancellationToken cancellationToken) =>
        engine.RunAsync<ContainerOutput>(
            $"open the log of container {containerId}",
            async token =>
            {
                if ((await _containers.InspectAsync(containerId, token)).Failure is { } failure)
                {
                    return failure;
                }

                // "tty" only means that the library leaves the bytes as they are. The reading outlives the deadline of the opening, hence the caller's token.
                var raw = await engine.Client.Containers.GetContainerLogsAsync(containerId, tty: true, ParametersOf(query), cancellationToken);
                return new ContainerOutput(ReadAsync(raw, cancellationToken));
            },
            cancellationToken);

    private static ContainerLogsParameters ParametersOf(LogQuery query) => new()
    {
        ShowStdout = true,
        ShowStderr = true,
        Timestamps = true,
        Follow = query.Follow,
        Tail = query.Tail?.ToString(CultureInfo.InvariantCulture) ?? "all",
        Since = query.Since is { } since ? EngineTime.Format(since) : null,
    };

    private async IAsyncEnumerable<LogLine> ReadAsync(MultiplexedStream raw, CancellationToken opening, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(opening, cancellationToken);
        using var stream = raw;
        var frames = new LogFrameReader(raw);
        var stdout = new LogLineSplitter(error: false);
        var stderr = new LogLineSplitter(error: true);
        while (await NextAsync(frames, either.Token) is { } frame)
        {
            foreach (var line in (frame.Error ? stderr : stdout).Add(frame.Bytes.Span))
            {
                yield return line;
            }
        }

        foreach (var line in new[] { stdout.Finish(), stderr.Finish() }.OfType<LogLine>())
        {
            yield return line;
        }
    }

    private async Task<LogFrame?> NextAsync(LogFrameReader frames, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (DockerFailure.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(DockerFailure.From(exception, "read the log", engine.Options.Endpoint).Message, exception);
        }
    }
}
