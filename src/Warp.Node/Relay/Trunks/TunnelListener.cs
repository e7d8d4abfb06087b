using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Trunks;

/// <summary>Takes the connections of peers, on the handshake loop.</summary>
internal sealed class TunnelListener(Acceptor acceptor, HandshakeDesk desk, Action<EstablishedTrunk> established) : PollTarget
{
    private const int AcceptsPerEvent = 64;

    /// <summary>On the loop's thread: begins to listen.</summary>
    internal void Start() => _ = desk.Loop.Watch(acceptor.Number, ReadyEvents.In, this);

    /// <summary>On the loop's thread: takes no more, so that a peer that dials learns it at once.</summary>
    internal void Stop()
    {
        desk.Loop.Forget(this);
        acceptor.Dispose();
    }

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        for (var i = 0; i < AcceptsPerEvent; i++)
        {
            if (acceptor.Accept(out var peer) is not { } socket)
            {
                return;
            }

            desk.Accept(socket, peer.ToString(), established);
        }
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault)
    {
    }
}
