namespace Warp.Node.Relay.Entry;

/// <summary>First packets of connections that the kernel holds until they are answered; callable from any thread.</summary>
internal interface ISynQueue : IDisposable
{
    /// <summary>Is readable while packets wait.</summary>
    int Descriptor { get; }

    /// <summary>Takes the next packet; false when none waits.</summary>
    bool TryRead(out HeldSyn syn);

    /// <summary>Answers a packet, once.</summary>
    void Answer(in HeldSyn syn, SynAnswer answer);
}

/// <summary>A first packet that is held.</summary>
/// <param name="Packet">Its number.</param>
/// <param name="Sequence">The sequence number that the caller begins with: the same for a packet that is sent again, another one for another connection.</param>
/// <param name="Call">From whom and where to.</param>
internal readonly record struct HeldSyn(uint Packet, uint Sequence, EntryCall Call);

/// <summary>What happens to a held packet.</summary>
internal enum SynAnswer
{
    /// <summary>It goes on, to the listener of redirected connections.</summary>
    Accept,

    /// <summary>The caller's connect fails with "connection refused".</summary>
    Refuse,

    /// <summary>The caller's connect fails with "no route to host".</summary>
    Unreachable,

    /// <summary>Nothing: the caller sends another one, as long as it wants to.</summary>
    Drop,
}
