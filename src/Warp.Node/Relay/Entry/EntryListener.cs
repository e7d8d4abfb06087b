using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Entry;

/// <summary>One loop's part of a listener that all loops share: whichever is idle takes the connection.</summary>
internal sealed class EntryListener(Acceptor acceptor, IEntrySource source, EntryDesk desk) : PollTarget
{
    private const int AcceptsPerEvent = 32;

    /// <summary>On the loop's thread: begins to listen.</summary>
    internal void Start() => _ = desk.Loop.Watch(acceptor.Number, ReadyEvents.In | ReadyEvents.Exclusive, this);

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        for (var i = 0; i < AcceptsPerEvent; i++)
        {
            if (acceptor.Accept(out var peer) is not { } socket)
            {
                return;
            }

            if (source.TryRead(socket.Number, peer, out var call))
            {
                desk.Admit(socket, call);
            }
            else
            {
                TcpSocket.ResetOnClose(socket.Number);
                socket.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault)
    {
    }
}
