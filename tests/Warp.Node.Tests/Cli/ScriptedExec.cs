using System.Collections.Immutable;
using System.Threading.Channels;
using Warp.Cluster.Containers;

namespace Warp.Node.Tests.Cli;

/// <summary>A program that writes back what it reads, first says "oops" on standard error, and ends with 7 at the end of its input.</summary>
internal sealed class ScriptedExec : IContainerExec
{
    /// <summary>What was asked for last.</summary>
    public ExecRequest? Asked { get; private set; }

    /// <summary>Answers with it instead.</summary>
    public RuntimeFailure? Failure { get; set; }

    public Task<RuntimeResult<IExecSession>> OpenAsync(string containerId, ExecRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        return Task.FromResult<RuntimeResult<IExecSession>>(Failure is { } failure ? failure : new Session());
    }

    private sealed class Session : IExecSession
    {
        private readonly Channel<(ImmutableArray<byte> Bytes, bool Error)> _output = Channel.CreateUnbounded<(ImmutableArray<byte>, bool)>();

        public Session() => _output.Writer.TryWrite(([.. "oops\n"u8], true));

        public async Task<ExecOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (!await _output.Reader.WaitToReadAsync(cancellationToken) || !_output.Reader.TryRead(out var piece))
            {
                return new ExecOutput(0, Error: false);
            }

            piece.Bytes.CopyTo(buffer.Span);
            return new ExecOutput(piece.Bytes.Length, piece.Error);
        }

        public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            _output.Writer.TryWrite(([.. bytes.Span], false));
            return Task.CompletedTask;
        }

        public void CloseInput() => _output.Writer.TryComplete();

        public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int?> ExitCodeAsync(CancellationToken cancellationToken) => Task.FromResult<int?>(7);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
