using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Warp.Cluster.Containers;

namespace Warp.Node.Tests.Http;

/// <summary>The output of one container, written by the test.</summary>
internal sealed class ScriptedLogs : IContainerLogs
{
    private Channel<LogLine> _lines = Channel.CreateUnbounded<LogLine>();

    /// <summary>The last question.</summary>
    public (string ContainerId, LogQuery Query)? Asked { get; private set; }

    /// <summary>Answers with it instead of lines.</summary>
    public RuntimeFailure? Failure { get; set; }

    /// <summary>Whether the reader has gone.</summary>
    public bool Ended { get; private set; }

    public void Write(string text, bool error = false, int second = 0) => _lines.Writer.TryWrite(new LogLine(DateTimeOffset.UnixEpoch.AddSeconds(second), error, text));

    public void Close(Exception? failure = null) => _lines.Writer.Complete(failure);

    /// <summary>Ends what is being read; the next who asks reads what is written from now on.</summary>
    public void Replace()
    {
        var ended = _lines;
        _lines = Channel.CreateUnbounded<LogLine>();
        ended.Writer.Complete();
    }

    public Task<RuntimeResult<ContainerOutput>> OpenLogsAsync(string containerId, LogQuery query, CancellationToken cancellationToken)
    {
        Asked = (containerId, query);
        return Task.FromResult<RuntimeResult<ContainerOutput>>(Failure is { } failure ? failure : new ContainerOutput(Read(_lines, cancellationToken)));
    }

    private async IAsyncEnumerable<LogLine> Read(Channel<LogLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
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
