using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Entry;

/// <summary>One loop's part of a listener that all loops share: whichever is idle takes the connection.</summary>
internal sealed class EntryListener(Acceptor acceptor, IEntrySource source, WaitingCallers? waiting, EntryDesk desk) : PollTarget
{
    private const int AcceptsPerEvent = 32;

    /// <summary>On the loop's thread: begins to listen.</summary>
    internal void Start() => _ = desk.Loop.Watch(acceptor.Number, ReadyEvents.In | ReadyEvents.Exclusive, this);

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        for (var i = 0; i < AcceptsPerEvent; i++)
        {
            if (acceptor.Accept(out var peer, out var peerPort) is not { } socket)
            {
                return;
            }

            if (!source.TryRead(socket.Number, peer, peerPort, out var call) || !desk.TryCharge(socket, call))
            {
                socket.Dispose();
            }
            else if (waiting?.Take(call) is { } carrier)
            {
                carrier.Loop.Run(() => carrier.Attach(socket));
            }
            else
            {
                desk.Admit(new AcceptedCaller(socket), call);
            }
        }
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault)
    {
    }
}
