using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;

namespace Warp.Node.Relay.Local;

/// <summary>One of the two sockets of a <see cref="LocalFlow"/>: what it is ready for, and the bytes that it could not take yet.</summary>
internal sealed class LocalSide(LocalFlow flow) : PollTarget
{
    private Descriptor? _socket;
    private PendingBytes _pending;
    private bool _readable;
    private bool _writable;
    private bool _ending;
    private bool _endIsSent;

    /// <summary>Bytes read from it.</summary>
    internal long BytesRead { get; private set; }

    /// <summary>Whether its end of stream was read.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>Whether it gets no more: the other side's end was passed on.</summary>
    internal bool IsDone => _endIsSent;

    /// <summary>Whether there may be something to read.</summary>
    internal bool CanRead => _readable && !HasEnded;

    /// <summary>Whether it can take bytes: what is read for it while it cannot would have to be kept.</summary>
    internal bool CanTake => _writable && _pending.IsEmpty;

    /// <summary>Takes the socket over and watches it.</summary>
    /// <returns>False when the kernel watches no more.</returns>
    internal bool Attach(Descriptor socket, bool isConnected)
    {
        const ReadyEvents all = ReadyEvents.In | ReadyEvents.Out | ReadyEvents.PeerClosed | ReadyEvents.EdgeTriggered;
        (_socket, _writable) = (socket, isConnected);
        return flow.Share.Loop.Watch(socket.Number, all, this);
    }

    /// <summary>The connect has succeeded.</summary>
    internal void Connected() => _writable = true;

    /// <summary>The error that waits on the socket; asking clears it.</summary>
    internal SocketFault PendingError() => TcpSocket.PendingError(_socket!.Number);

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        // What speaks first is readable in the same event that reports the connect.
        if (flow.IsConnectingTo(this) && !flow.TryConnect(events))
        {
            return;
        }

        var failed = events.HasAny(ReadyEvents.Error | ReadyEvents.HangUp);
        _writable |= events.HasAny(ReadyEvents.Out);
        _readable |= failed || events.HasAny(ReadyEvents.In | ReadyEvents.PeerClosed);
        _ending |= failed || events.HasAny(ReadyEvents.PeerClosed);
        flow.OnReady(this, events.HasAny(ReadyEvents.Error));
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault) => flow.Abort();

    /// <summary>Reads what fits; -1 comes with the fault.</summary>
    internal unsafe int Read(byte* target, int room, out SocketFault fault)
    {
        var count = TcpSocket.Receive(_socket!.Number, target, room, out fault);
        HasEnded |= count == 0;
        BytesRead += Math.Max(count, 0);
        if (fault == SocketFault.WouldBlock || (count < room && !_ending))
        {
            _readable = false;
        }

        return count;
    }

    /// <summary>Writes, and keeps what the socket does not take now.</summary>
    /// <returns>False when the connection is broken or the memory for waiting bytes is spent.</returns>
    internal unsafe bool Give(byte* source, int count) =>
        Send(source, count, out var taken) && (taken == count || _pending.TryAdd(new ReadOnlySpan<byte>(source + taken, count - taken), flow.Blocks, waiting: count));

    /// <summary>Writes what waits, then passes the other side's end on when it has come.</summary>
    /// <returns>False when the connection is broken.</returns>
    internal unsafe bool Flush(bool otherHasEnded)
    {
        while (_writable && _pending.First is { } block)
        {
            if (!Send(block.Data + block.Start, block.End - block.Start, out var taken))
            {
                return false;
            }

            if (taken > 0)
            {
                _pending.Taken(taken, flow.Blocks);
            }
        }

        if (otherHasEnded && CanTake && !_endIsSent)
        {
            _endIsSent = true;
            TcpSocket.ShutdownSend(_socket!.Number);
        }

        return true;
    }

    /// <summary>Makes the close that follows an orderly one; any other is a reset.</summary>
    internal void Complete() => ContainerSocket.Complete(_socket!.Number);

    /// <summary>Closes the socket.</summary>
    internal void Close()
    {
        flow.Share.Loop.Forget(this);
        _socket?.Dispose();
        _pending.Clear(flow.Blocks);
    }

    private unsafe bool Send(byte* source, int count, out int taken)
    {
        taken = TcpSocket.Send(_socket!.Number, source, count, out var fault);
        _writable = taken == count;
        if (taken >= 0)
        {
            return true;
        }

        taken = 0;
        return fault == SocketFault.WouldBlock;
    }
}
