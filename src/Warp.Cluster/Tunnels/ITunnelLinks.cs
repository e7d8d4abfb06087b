using Warp.Cluster.Protocol;

namespace Warp.Cluster.Tunnels;

/// <summary>The relay engine's links to peers, as tunnel actors drive them. Payload never passes here.</summary>
public interface ITunnelLinks
{
    /// <summary>Makes the link to a peer known, or changes where it is dialled. Idempotent.</summary>
    ITunnelLink Ensure(Peer peer);
}

/// <summary>
/// The link to one peer. Its tunnel actor decides when to dial; the engine itself dials once, at a bounded rate, when a stream needs a trunk and none is open,
/// so that traffic goes on while no actor system runs.
/// </summary>
public interface ITunnelLink
{
    /// <summary>Dials one trunk and completes when it can carry streams. At most one dial is under way; a second caller shares it.</summary>
    Task<TrunkOutcome> OpenTrunkAsync(CancellationToken cancellationToken);

    /// <summary>Sets who is told, from the engine's threads, when a trunk of this link has opened or closed (dialled by either side). Must not block.</summary>
    void OnTrunksChanged(Action<int> openTrunks);

    /// <summary>Counters as of now.</summary>
    LinkCounters Read();

    /// <summary>Takes no new streams and closes the trunks when the open ones have finished.</summary>
    void Drain();

    /// <summary>Closes the trunks at once (each open stream ends with a reset) and forgets the peer.</summary>
    void Close();
}

/// <summary>What came of a dial.</summary>
/// <param name="Problem">Cause and next step, for a person; null when the trunk is open.</param>
public sealed record TrunkOutcome(string? Problem);

/// <summary>A link's counters.</summary>
/// <param name="Trunks">Open trunks.</param>
/// <param name="Streams">Open streams.</param>
/// <param name="BytesSent">Payload bytes since the process started.</param>
/// <param name="BytesReceived">Payload bytes since the process started.</param>
/// <param name="Cipher">TLS version and suite of the newest trunk; null while none is open.</param>
public sealed record LinkCounters(int Trunks, int Streams, long BytesSent, long BytesReceived, string? Cipher);
