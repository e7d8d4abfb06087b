namespace Warp.Node.Relay.Trunks;

/// <summary>Counters of one trunk: written by its loop, read by any thread.</summary>
internal sealed class TrunkLoad
{
    private const int BusyUnit = 64 * 1024;
    private long _sent;
    private long _received;
    private long _seen;
    private int _streams;
    private int _busy;

    /// <summary>Payload bytes sent.</summary>
    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>Payload bytes received.</summary>
    internal long Received => Volatile.Read(ref _received);

    /// <summary>Open streams.</summary>
    internal int Streams => Volatile.Read(ref _streams);

    /// <summary>A number to compare trunks by: recent traffic weighs more than streams, most of which are idle.</summary>
    internal int Score => (8 * Volatile.Read(ref _busy)) + (2 * Streams);

    internal void AddSent(int bytes) => Volatile.Write(ref _sent, _sent + bytes);

    internal void AddReceived(int bytes) => Volatile.Write(ref _received, _received + bytes);

    // Other loops add the stream that they are about to hand over, so that a burst of connections spreads.
    internal void AddStream() => Interlocked.Increment(ref _streams);

    internal void RemoveStream() => Interlocked.Decrement(ref _streams);

    /// <summary>Ten times a second: lets older traffic count less.</summary>
    internal void Tick()
    {
        var total = _sent + _received;
        var recent = (int)Math.Min((total - _seen) / BusyUnit, 1 << 20);
        _seen = total;
        Volatile.Write(ref _busy, (_busy + recent) / 2);
    }
}
