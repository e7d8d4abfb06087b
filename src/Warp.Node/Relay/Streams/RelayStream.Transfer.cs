using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Streams;

/// <content>The two directions.</content>
internal sealed partial class RelayStream
{
    /// <summary>Trunk: the peer takes more.</summary>
    /// <returns>False when the credit exceeds what a stream can have.</returns>
    internal bool OnWindow(int increment)
    {
        _sendCredit += increment;
        WantSend(failed: false);
        return _sendCredit <= int.MaxValue;
    }

    /// <summary>
    /// Trunk: it is this stream's turn to put one frame into the batch, which has room for a whole one. The bytes go from the socket straight to their place in it.
    /// </summary>
    /// <param name="batch">The frames of this turn.</param>
    /// <param name="maxData">The largest payload that the peer takes.</param>
    /// <returns>Whether it has more to send.</returns>
    internal unsafe bool Compose(NativeBuffer batch, int maxData)
    {
        if (!CanSend)
        {
            return false;
        }

        var room = (int)Math.Min(_sendCredit, Math.Min(maxData, batch.Room - FrameHeader.Size));
        var count = TcpSocket.Receive(_socket!.Number, batch.Next + FrameHeader.Size, room, out var fault);
        if (count > 0)
        {
            batch.AddHeader(FrameType.Data, count, Id);
            batch.Added(count);
            _sendCredit -= count;
            BytesSent += count;
            _call.AddSent(count);
            _trunk.CountSent(count);
            if (count < room && !Has(StreamState.Ending))
            {
                Clear(StreamState.Readable);
            }

            return CanSend;
        }

        if (count == 0)
        {
            batch.AddEmpty(FrameType.Fin, Id);
            Set(StreamState.LocalEnded);
            Clear(StreamState.Readable);
            CloseWhenDone();
        }
        else if (fault == SocketFault.WouldBlock)
        {
            Clear(StreamState.Readable);
        }
        else
        {
            Reset(ResetReason.ByApplication);
        }

        return false;
    }

    /// <summary>Trunk: payload came.</summary>
    /// <returns>False when the peer broke the rules.</returns>
    internal unsafe bool OnData(ReadOnlySpan<byte> payload)
    {
        if (Has(StreamState.RemoteEnded) || !_window.TryReceive(payload.Length))
        {
            return false;
        }

        BytesReceived += payload.Length;
        _call.AddReceived(payload.Length);
        if (Has(StreamState.Writable) && _pending.IsEmpty)
        {
            fixed (byte* source = payload)
            {
                var taken = SendLocal(source, payload.Length);
                if (taken < 0)
                {
                    return true;
                }

                Delivered(taken);
                payload = payload[taken..];
            }
        }

        if (!payload.IsEmpty && !_pending.TryAdd(payload, _trunk.Blocks, _window.Waiting))
        {
            Reset(ResetReason.Overloaded);
        }

        return true;
    }

    /// <summary>Trunk: the peer's direction ended.</summary>
    /// <returns>False when it had ended before.</returns>
    internal bool OnFin()
    {
        if (Has(StreamState.RemoteEnded))
        {
            return false;
        }

        Set(StreamState.RemoteEnded);
        EndLocalWhenDelivered();
        return true;
    }

    private bool CanSend => (_state & (StreamState.Readable | StreamState.LocalEnded | StreamState.Over | StreamState.Connecting)) == StreamState.Readable && _sendCredit > 0;

    private void WantSend(bool failed)
    {
        if (CanSend)
        {
            _trunk.Output.WantTurn(this);
        }
        else if (failed && _sendCredit <= 0 && !Has(StreamState.LocalEnded))
        {
            // The peer takes nothing and the connection is broken: what is unread will never be asked for.
            Reset(ResetReason.ByApplication);
        }
        else if (failed && Has(StreamState.LocalEnded) && TcpSocket.PendingError(_socket!.Number) != SocketFault.None)
        {
            Reset(ResetReason.ByApplication);
        }
    }

    private unsafe void FlushPending()
    {
        while (Has(StreamState.Writable) && _pending.First is { } block)
        {
            var taken = SendLocal(block.Data + block.Start, block.End - block.Start);
            if (taken < 0)
            {
                return;
            }

            if (taken > 0)
            {
                _pending.Taken(taken, _trunk.Blocks);
                Delivered(taken);
            }
        }

        if (Has(StreamState.RemoteEnded))
        {
            EndLocalWhenDelivered();
        }
    }

    // How many bytes the socket took; -1 when the stream is over.
    private unsafe int SendLocal(byte* source, int length)
    {
        var taken = TcpSocket.Send(_socket!.Number, source, length, out var fault);
        if (taken < length)
        {
            Clear(StreamState.Writable);
        }

        if (taken >= 0 || fault == SocketFault.WouldBlock)
        {
            return Math.Max(taken, 0);
        }

        Reset(ResetReason.ByApplication);
        return -1;
    }

    private void Delivered(int count)
    {
        if (count == 0)
        {
            return;
        }

        var credit = _window.Deliver(count, RelayClock.Microseconds, _trunk.RoundTrip, _trunk.Share.Services.Windows);
        if (credit > 0 && !Has(StreamState.RemoteEnded))
        {
            _trunk.Output.Window(Id, credit);
        }
    }

    private void EndLocalWhenDelivered()
    {
        if (!_pending.IsEmpty || IsOpening || IsOver)
        {
            return;
        }

        if (Has(StreamState.LocalEnded))
        {
            Complete();
        }
        else
        {
            TcpSocket.ShutdownSend(_socket!.Number);
        }
    }

    private void CloseWhenDone()
    {
        if (Has(StreamState.RemoteEnded) && _pending.IsEmpty)
        {
            Complete();
        }
    }

    private void Complete()
    {
        ContainerSocket.Complete(_socket!.Number);
        Close();
    }
}
