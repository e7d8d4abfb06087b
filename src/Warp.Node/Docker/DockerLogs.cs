using System.Globalization;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Logs from the engine.</summary>
internal sealed class DockerLogs(DockerEngine engine) : IContainerLogs
{
    private const int BufferBytes = 32 * 1024;
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(300);

    // Longer than a dockerd restart and than the gap between two generations.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly DockerContainers _containers = new(engine);

    /// <inheritdoc/>
    public async Task<RuntimeResult<LogFeed>> OpenAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var found = await FindAsync(query, cancellationToken);
        return (found.Value, found.Failure) switch
        {
            (_, { } failure) => failure,
            ({ } container, _) => new LogFeed(container.Instance, ReadAsync(query, container, CancellationToken.None)),
            _ => new RuntimeFailure(RuntimeFailureKind.NotFound, $"the service '{query.Service}' of '{query.Deployment}' has no container on the runner '{engine.Options.Runner}'"),
        };
    }

    private Task<RuntimeResult<ObservedContainer?>> FindAsync(LogQuery query, CancellationToken cancellationToken)
    {
        List<(string, string)> labels = [(WarpLabels.Deployment, query.Deployment.Value), (WarpLabels.Service, query.Service.Value)];
        if (query.Ordinal is { } ordinal)
        {
            labels.Add((WarpLabels.Ordinal, ordinal.ToString(CultureInfo.InvariantCulture)));
        }

        return engine.RunAsync<ObservedContainer?>(
            $"find the containers of '{query.Service}'",
            async token => (await _containers.FindAsync(labels, token)).OrderBy(c => c.Instance.Ordinal).ThenByDescending(c => c.Instance.Generation).FirstOrDefault(),
            cancellationToken);
    }

    private async IAsyncEnumerable<LogLine> ReadAsync(LogQuery query, ObservedContainer first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tail = query.Tail;
        var since = query.Since;
        for (var run = first; run is not null;)
        {
            await foreach (var line in ReadRunAsync(query, run.ContainerId, tail, since, cancellationToken))
            {
                yield return line;
            }

            // All that the ended run wrote has been read; what comes next is later than now, whenever the engine says that it started.
            var ended = DateTimeOffset.UtcNow;
            var next = query.Follow ? await NextRunAsync(query, run, cancellationToken) : null;
            tail = null;
            since = next is not null && IsSameContainer(next, run) ? ended : null;
            run = next;
        }
    }

    private async IAsyncEnumerable<LogLine> ReadRunAsync(
        LogQuery query, string containerId, int? tail, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Follow = query.Follow,
            Timestamps = query.Timestamps,
            Tail = tail?.ToString(CultureInfo.InvariantCulture) ?? "all",
            Since = since is { } moment ? EngineTime.Format(moment) : null,
        };
        using var log = await OrEndAsync(query.Follow, () => engine.Client.Containers.GetContainerLogsAsync(containerId, tty: false, parameters, cancellationToken), cancellationToken);
        var stdout = new LogLineSplitter(LogSource.Stdout, query.Timestamps);
        var stderr = new LogLineSplitter(LogSource.Stderr, query.Timestamps);
        var buffer = new byte[BufferBytes];
        while (log is not null
            && await OrEndAsync(query.Follow, () => log.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken), cancellationToken) is { EOF: false } read)
        {
            foreach (var line in (read.Target == MultiplexedStream.TargetStream.StandardError ? stderr : stdout).Add(buffer.AsSpan(0, read.Count)))
            {
                yield return line;
            }
        }

        foreach (var line in new[] { stdout.Finish(), stderr.Finish() }.OfType<LogLine>())
        {
            yield return line;
        }
    }

    private async Task<T?> OrEndAsync<T>(bool follow, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (DockerFailure.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            return follow ? default : throw new IOException(DockerFailure.From(exception, "read the log", engine.Options.Endpoint).Message, exception);
        }
    }

    /// <summary>The run to go on with; null when the service has had no container here for as long as the patience lasts.</summary>
    private async Task<ObservedContainer?> NextRunAsync(LogQuery query, ObservedContainer last, CancellationToken cancellationToken)
    {
        var lastSeen = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(lastSeen) < s_patience)
        {
            await Task.Delay(s_poll, cancellationToken);
            if ((await FindAsync(query, cancellationToken)).Value is not { } container)
            {
                continue;
            }

            lastSeen = TimeProvider.System.GetTimestamp();
            if (container.Running || (container.StartedAt is not null && !(IsSameContainer(container, last) && container.StartedAt == last.StartedAt)))
            {
                return container;
            }
        }

        return null;
    }

    private static bool IsSameContainer(ObservedContainer one, ObservedContainer other) => string.Equals(one.ContainerId, other.ContainerId, StringComparison.Ordinal);
}
