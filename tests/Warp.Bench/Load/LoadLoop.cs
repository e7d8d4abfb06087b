using System.Net;
using System.Runtime.InteropServices;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>
/// One epoll loop, edge-triggered: a connection is told once that it is ready, and gets turns until it says that it has nothing more to do.
/// Nothing blocks but the wait, and no message allocates.
/// </summary>
internal sealed unsafe class LoadLoop : IDisposable
{
    /// <summary>How much is read or sent by one call of a bulk stream.</summary>
    internal const int Chunk = 256 * 1024;

    private const ReadyEvents Everything = ReadyEvents.In | ReadyEvents.Out | ReadyEvents.PeerClosed | ReadyEvents.EdgeTriggered;
    private readonly EpollSet _set = new();
    private readonly List<LoadConnection?> _connections = [];
    private readonly Stack<int> _free = new();
    private List<LoadConnection> _due = [];
    private List<LoadConnection> _turns = [];

    internal LoadLoop()
    {
        Scratch = (byte*)NativeMemory.Alloc(Chunk);
        Payload = (byte*)NativeMemory.Alloc(Chunk);
        KnownBytes.Make(Chunk).CopyTo(new Span<byte>(Payload, Chunk));
    }

    /// <summary>Where connections read to; its content lasts for one turn.</summary>
    internal byte* Scratch { get; }

    /// <summary>What connections send.</summary>
    internal byte* Payload { get; }

    /// <summary>Watches a connection from now on.</summary>
    internal void Add(LoadConnection connection)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _connections.Count;
            _connections.Add(null);
        }

        connection.Slot = slot;
        _connections[slot] = connection;
        if (!_set.Add(connection.Socket, Everything, (ulong)slot))
        {
            throw new InvalidOperationException("the kernel watches no more descriptors (fs.epoll.max_user_watches)");
        }
    }

    /// <summary>Begins a connection and watches it; null when the kernel refuses at once.</summary>
    internal T? Dial<T>(IPEndPoint target, Func<Descriptor, T> make)
        where T : LoadConnection
    {
        var socket = TcpSocket.Open(target.AddressFamily, out _);
        if (socket is null || TcpSocket.Connect(socket.Number, target.Serialize()) is not (SocketFault.None or SocketFault.InProgress))
        {
            socket?.Dispose();
            return null;
        }

        var connection = make(socket);
        Add(connection);
        return connection;
    }

    /// <summary>Lets another object do the rest of a connection; what is ready stays ready.</summary>
    internal void HandOver(LoadConnection from, LoadConnection to)
    {
        (to.Slot, to.Ready) = (from.Slot, from.Ready);
        _connections[to.Slot] = to;
        Enqueue(to);
    }

    /// <summary>Gives a connection a turn although no event came.</summary>
    internal void Wake(LoadConnection connection) => Enqueue(connection);

    /// <summary>Closes a connection.</summary>
    internal void Close(LoadConnection connection)
    {
        if (!connection.IsClosed)
        {
            _connections[connection.Slot] = null;
            _free.Push(connection.Slot);
            connection.Dispose();
        }
    }

    /// <summary>Waits for events, unless somebody has work anyway, and gives each ready connection a turn.</summary>
    /// <param name="timeoutMilliseconds">How long it may wait; -1 is without end.</param>
    internal void RunOnce(int timeoutMilliseconds)
    {
        var count = _set.Wait(_due.Count > 0 ? 0 : timeoutMilliseconds);
        for (var i = 0; i < count; i++)
        {
            var (events, slot) = _set[i];
            if (_connections[(int)slot] is { } connection)
            {
                connection.Ready |= events;
                Enqueue(connection);
            }
        }

        (_due, _turns) = (_turns, _due);
        foreach (var connection in _turns)
        {
            connection.IsDue = false;
            if (!connection.IsClosed && connection.Turn() && !connection.IsClosed)
            {
                Enqueue(connection);
            }
        }

        _turns.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection?.Dispose();
        }

        _set.Dispose();
        NativeMemory.Free(Scratch);
        NativeMemory.Free(Payload);
    }

    private void Enqueue(LoadConnection connection)
    {
        if (!connection.IsDue)
        {
            connection.IsDue = true;
            _due.Add(connection);
        }
    }
}
