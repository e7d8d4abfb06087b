using System.Net.Sockets;
using Warp.Node.Relay.Edges;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Dialing;

/// <summary>A connection of the ingress, as a stream. An end of it that was not in order is an error, never an end of stream.</summary>
internal sealed class DialedStream : UnseekableStream
{
    private readonly NetworkStream _inner;
    private readonly IngressPath? _path;
    private readonly CountedCall _call;
    private LocalInstance? _counted;

    /// <summary>A connection to a container of this runner.</summary>
    /// <param name="socket">The connected socket; owned from now on.</param>
    /// <param name="counted">Where the connection has been counted; uncounted when the stream is disposed.</param>
    /// <param name="call">Where it is counted as open, and its bytes are.</param>
    internal DialedStream(Socket socket, LocalInstance counted, CountedCall call)
    {
        _inner = new NetworkStream(socket, ownsSocket: true);
        (_counted, _call) = (counted, call);
    }

    /// <summary>A stream over a trunk, which counts for itself.</summary>
    /// <param name="socket">This process's end of the pair whose other end the relay has; owned from now on.</param>
    /// <param name="path">What the relay says of the stream.</param>
    internal DialedStream(Socket socket, IngressPath path)
    {
        _inner = new NetworkStream(socket, ownsSocket: true);
        _path = path;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var asked = buffer.Length;
        return Checked(_inner.Read(buffer), asked);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Checked(await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _inner.Write(buffer);
        _call.AddSent(buffer.Length);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        _call.AddSent(buffer.Length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            if (Interlocked.Exchange(ref _counted, null) is { } counted)
            {
                counted.Connections.Remove();
                _call.Over();
            }
        }

        base.Dispose(disposing);
    }

    // A socket pair knows no reset: the relay says it beside.
    private int Checked(int count, int asked)
    {
        _call.AddReceived(count);
        return count == 0 && asked > 0 && _path is { WasReset: true } ? throw new IOException("the connection was reset by the service or by the tunnel") : count;
    }
}
