using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Entry;

/// <summary>What carries a call once its service has its connection.</summary>
internal interface ICallCarrier
{
    /// <summary>The loop that it lives on; everything else is called there.</summary>
    RelayLoop Loop { get; }

    /// <summary>Joins the caller's connection to it; one that is over resets it.</summary>
    void Attach(Descriptor socket);

    /// <summary>Ends it, because its caller will not come.</summary>
    void Abandon();
}

/// <summary>The calling end of a call that has not got its way yet. Answered once, by one thread at a time.</summary>
internal abstract class Caller
{
    /// <summary>The connection; null while the caller has not been answered.</summary>
    internal virtual Descriptor? Connection => null;

    /// <summary>Whether nobody waits there any more.</summary>
    internal abstract bool IsGone { get; }

    /// <summary>On the carrier's loop: its service has its connection.</summary>
    internal abstract void Connect(ICallCarrier carrier);

    /// <summary>There is no way.</summary>
    internal abstract void Refuse(SynAnswer answer);
}

/// <summary>A caller whose connection was accepted before its service was dialled: all that it can be told is a reset.</summary>
internal sealed class AcceptedCaller(Descriptor socket) : Caller
{
    /// <inheritdoc/>
    internal override Descriptor Connection => socket;

    /// <inheritdoc/>
    internal override bool IsGone => TcpSocket.IsAbandoned(socket.Number);

    /// <inheritdoc/>
    internal override void Connect(ICallCarrier carrier) => carrier.Attach(socket);

    /// <inheritdoc/>
    internal override void Refuse(SynAnswer answer)
    {
        socket.Dispose();
    }
}
