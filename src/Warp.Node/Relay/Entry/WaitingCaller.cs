namespace Warp.Node.Relay.Entry;

/// <summary>
/// A caller that waits in connect: the kernel holds its first packet. Once its service has its connection the packet goes on, the kernel shakes hands, and whoever accepts the
/// connection finds here what carries it. What changes is guarded by the lock of <see cref="WaitingCallers"/>.
/// </summary>
/// <param name="callers">Where it is kept.</param>
/// <param name="syn">Its first packet.</param>
internal sealed class WaitingCaller(WaitingCallers callers, HeldSyn syn) : Caller
{
    /// <summary>The packet that is held.</summary>
    internal HeldSyn Syn { get; private set; } = syn;

    /// <summary>What carries the call; null while the packet is held.</summary>
    internal ICallCarrier? Carrier { get; private set; }

    /// <summary>When the packet went on, in milliseconds of <see cref="Environment.TickCount64"/>; null while it is held.</summary>
    internal long? ConnectedAt { get; private set; }

    /// <summary>Whether it is refused, taken or given up.</summary>
    internal bool IsOver { get; private set; }

    /// <inheritdoc/>
    internal override bool IsGone => callers.IsOver(this);

    /// <inheritdoc/>
    internal override void Connect(ICallCarrier carrier)
    {
        if (!callers.TryConnect(this, carrier))
        {
            carrier.Abandon();
        }
    }

    /// <inheritdoc/>
    internal override void Refuse(SynAnswer answer) => callers.Refuse(this, answer);

    /// <summary>
    /// The packet was sent again. While it is held the newer one takes its place: the caller measures its round trip by the one that is answered, and the kernel drops what it holds
    /// when the rules are written anew. Afterwards the first one was lost on its way to the listener.
    /// </summary>
    /// <returns>Which packet to answer, and how.</returns>
    internal (HeldSyn Syn, SynAnswer Answer) Repeat(in HeldSyn again)
    {
        if (Carrier is not null)
        {
            return (again, SynAnswer.Accept);
        }

        var older = Syn;
        Syn = again;
        return (older, SynAnswer.Drop);
    }

    /// <summary>Its service has its connection.</summary>
    internal void Connected(ICallCarrier carrier) => (Carrier, ConnectedAt) = (carrier, Environment.TickCount64);

    /// <summary>It is refused, taken or given up.</summary>
    internal void End() => IsOver = true;
}
