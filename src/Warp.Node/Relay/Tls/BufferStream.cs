using System.Threading.Tasks.Sources;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Tls;

/// <summary>
/// The stream under an <see cref="System.Net.Security.SslStream"/>: reads from one buffer, writes to another, never touches a socket.
/// A read that finds nothing stays pending and is completed on the thread that calls <see cref="Feed"/>.
/// </summary>
internal sealed class BufferStream(NativeBuffer input, NativeBuffer output) : UnseekableStream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _pending;
    private Memory<byte> _target;
    private bool _waiting;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Completes a pending read with what the input buffer has.</summary>
    internal void Feed()
    {
        while (_waiting && input.Length > 0)
        {
            _waiting = false;
            _pending.SetResult(Take(_target.Span));
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (input.Length > 0 || buffer.IsEmpty)
        {
            return new ValueTask<int>(Take(buffer.Span));
        }

        _pending.Reset();
        (_target, _waiting) = (buffer, true);
        return new ValueTask<int>(this, _pending.Version);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > output.Room)
        {
            throw new IOException("the trunk's output buffer is full");
        }

        buffer.CopyTo(output.Space);
        output.Added(buffer.Length);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public int GetResult(short token) => _pending.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _pending.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pending.OnCompleted(continuation, state, token, flags);

    private int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, input.Length);
        input.Bytes[..count].CopyTo(target);
        input.Taken(count);
        return count;
    }
}
