using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Warp.Cluster.Containers;

namespace Warp.Node.Tests.Http;

/// <summary>The output of one container, written by the test.</summary>
internal sealed class ScriptedLogs : IContainerLogs
{
    private readonly Channel<LogLine> _lines = Channel.CreateUnbounded<LogLine>();

    /// <summary>The last question.</summary>
    public (string ContainerId, LogQuery Query)? Asked { get; private set; }

    /// <summary>Answers with it instead of lines.</summary>
    public RuntimeFailure? Failure { get; set; }

    /// <summary>Whether the reader has gone.</summary>
    public bool Ended { get; private set; }

    public void Write(string text, bool error = false) => _lines.Writer.TryWrite(new LogLine(DateTimeOffset.UnixEpoch, error, text));

    public void Close(Exception? failure = null) => _lines.Writer.Complete(failure);

    public Task<RuntimeResult<ContainerOutput>> OpenLogsAsync(string containerId, LogQuery query, CancellationToken cancellationToken)
    {
        Asked = (containerId, query);
        return Task.FromResult<RuntimeResult<ContainerOutput>>(Failure is { } failure ? failure : new ContainerOutput(Read(cancellationToken)));
    }

    private async IAsyncEnumerable<LogLine> Read([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
            {
                yield return line;
            }
        }
        finally
        {
            Ended = true;
        }
    }
}
