using System.Buffers.Binary;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Tls;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Trunks;

/// <summary>
/// The way out: first the small frames, then one DATA frame of each stream in turn, gathered into a batch that is encrypted as a whole and sent in one call.
/// While the socket takes nothing, streams are not read: the pressure goes back to their applications.
/// </summary>
internal sealed class TrunkOutput(Trunk trunk) : IDisposable
{
    private const int ControlCapacity = 1024 * 1024;
    private const int BatchesPerTurn = 2;
    private readonly NativeBuffer _control = new(ControlCapacity);
    private RelayStream? _first;
    private RelayStream? _last;
    private bool _writable = true;

    /// <summary>TLS records sent.</summary>
    internal long Records { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    internal bool IsEmpty => _control.Length == 0 && _first is null && trunk.Tls.Output.Length == 0;

    /// <summary>Whether so many small frames wait that no new stream should add to them.</summary>
    internal bool IsCongested => _control.Length > ControlCapacity / 2;

    internal void MarkWritable() => _writable = true;

    /// <summary>The stream has something to send; it gets its turn after those that wait already.</summary>
    internal void WantTurn(RelayStream stream)
    {
        if (!stream.IsQueued)
        {
            Enqueue(stream);
            trunk.WantTurn();
        }
    }

    internal void Preface(Preface preface)
    {
        preface.Write(_control.Space);
        _control.Added(Frames.Preface.Size);
        trunk.WantTurn();
    }

    internal void Open(uint stream, in OpenRequest request)
    {
        if (HasRoom())
        {
            _control.AddOpen(stream, request);
        }
    }

    internal void Opened(uint stream)
    {
        if (HasRoom())
        {
            _control.AddEmpty(FrameType.Opened, stream);
        }
    }

    internal void Window(uint stream, int increment)
    {
        if (HasRoom())
        {
            _control.AddWindow(stream, increment);
        }
    }

    internal void Reset(uint stream, ResetReason reason, byte detail)
    {
        if (HasRoom())
        {
            _control.AddReset(stream, reason, detail);
        }
    }

    internal void Ping(long token)
    {
        if (HasRoom())
        {
            _control.AddEcho(FrameType.Ping, token);
        }
    }

    internal void Pong(ReadOnlySpan<byte> token)
    {
        if (HasRoom())
        {
            _control.AddEcho(FrameType.Pong, BinaryPrimitives.ReadInt64BigEndian(token));
        }
    }

    internal void GoAway()
    {
        if (HasRoom())
        {
            _control.AddEmpty(FrameType.GoAway, 0);
        }
    }

    /// <summary>Sends what there is, within the bounds of a turn.</summary>
    /// <returns>Whether it could go on at once.</returns>
    internal bool Write()
    {
        var batch = trunk.Share.Batch;
        for (var batches = 0; batches < BatchesPerTurn; batches++)
        {
            if (!SendCiphertext())
            {
                return false;
            }

            Compose(batch);
            if (batch.Length == 0)
            {
                // A stream that failed while it was read has left a small frame.
                return _control.Length > 0;
            }

            var encrypted = trunk.Tls.Encrypt(batch.Bytes);
            Records += (batch.Length + TlsSizes.Record - 1) / TlsSizes.Record;
            batch.Taken(batch.Length);
            if (!encrypted)
            {
                trunk.Fail(trunk.Tls.Failure ?? "the encryption broke");
                return false;
            }
        }

        return SendCiphertext() && (_first is not null || _control.Length > 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_first, _last) = (null, null);
        _control.Dispose();
    }

    private void Compose(NativeBuffer batch)
    {
        if (_control.Length > 0)
        {
            var count = Math.Min(_control.Length, batch.Room);
            _control.Bytes[..count].CopyTo(batch.Space);
            batch.Added(count);
            _control.Taken(count);
            if (_control.Length > 0)
            {
                // A frame may have been cut; its rest must follow before anything else.
                return;
            }
        }

        var maxData = trunk.PeerMaxData;
        var least = FrameHeader.Size + Math.Min(maxData, TlsSizes.Record);
        while (batch.Room >= least && Dequeue() is { } stream)
        {
            if (!stream.IsOver && stream.Compose(batch, maxData))
            {
                Enqueue(stream);
            }
        }
    }

    // False when the socket takes no more now, or the trunk broke.
    private unsafe bool SendCiphertext()
    {
        var output = trunk.Tls.Output;
        while (output.Length > 0)
        {
            if (!_writable)
            {
                return false;
            }

            var length = output.Length;
            var count = TcpSocket.Send(trunk.Socket, output.First, length, out var fault);
            if (count < 0 && fault != SocketFault.WouldBlock)
            {
                trunk.Fail(fault.Describe());
                return false;
            }

            output.Taken(Math.Max(count, 0));
            _writable = count == length;
        }

        return true;
    }

    private bool HasRoom()
    {
        if (trunk.IsClosed)
        {
            return false;
        }

        if (_control.Room < FrameBatch.MaxControlFrame)
        {
            _control.Compact();
        }

        if (_control.Room >= FrameBatch.MaxControlFrame)
        {
            trunk.WantTurn();
            return true;
        }

        trunk.Fail("the peer does not read what it is sent");
        return false;
    }

    private void Enqueue(RelayStream stream)
    {
        stream.IsQueued = true;
        if (_last is null)
        {
            _first = stream;
        }
        else
        {
            _last.NextReady = stream;
        }

        _last = stream;
    }

    private RelayStream? Dequeue()
    {
        if (_first is not { } stream)
        {
            return null;
        }

        _first = stream.NextReady;
        _last = _first is null ? null : _last;
        (stream.NextReady, stream.IsQueued) = (null, false);
        return stream;
    }
}
