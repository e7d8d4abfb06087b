namespace Warp.Node.Relay.Streams;

/// <summary>
/// What the peer may still send on one stream. Credit counts bytes that the local socket took, so a slow reader stalls its own stream and nothing else;
/// it is returned in quarters of the window. The window doubles, once in a round trip at most, while more than half of it goes through in that time.
/// </summary>
internal struct ReceiveWindow
{
    private int _size;
    private int _open;
    private int _unreturned;
    private long _roundStart;
    private long _roundBytes;

    internal ReceiveWindow(int initial) => (_size, _open) = (initial, initial);

    /// <summary>The window's size in bytes.</summary>
    internal readonly int Size => _size;

    /// <summary>How many bytes came that the local socket has not taken.</summary>
    internal readonly int Waiting => _size - _open - _unreturned;

    /// <summary>Counts bytes that came.</summary>
    /// <returns>False when the peer sent more than it may.</returns>
    internal bool TryReceive(int count)
    {
        _open -= count;
        return _open >= 0;
    }

    /// <summary>Counts bytes that the local socket took.</summary>
    /// <param name="count">How many.</param>
    /// <param name="now">Microseconds of any clock.</param>
    /// <param name="roundTrip">The trunk's round trip in microseconds.</param>
    /// <param name="limits">To where it may grow.</param>
    /// <returns>How much credit to return now; 0 for none yet.</returns>
    internal int Deliver(int count, long now, long roundTrip, WindowLimits limits)
    {
        _unreturned += count;
        _roundBytes += count;
        if (_unreturned < _size / 4)
        {
            return 0;
        }

        var growth = Growth(now, roundTrip, limits);
        var credit = _unreturned + growth;
        _size += growth;
        _open += credit;
        _unreturned = 0;
        return credit;
    }

    /// <summary>Gives what it grew back to the budget; once, when the stream is over.</summary>
    internal readonly void Release(WindowLimits limits) => limits.Budget.Return(_size - limits.Initial);

    // Measured over a round trip at least: a burst that a socket's empty buffer swallows says nothing about the reader.
    private int Growth(long now, long roundTrip, WindowLimits limits)
    {
        var elapsed = now - _roundStart;
        if (elapsed < roundTrip)
        {
            return 0;
        }

        var wanted = 2.0 * _roundBytes * roundTrip / elapsed;
        (_roundStart, _roundBytes) = (now, 0);
        var growth = Math.Min(_size, limits.Max - _size);
        return growth > 0 && wanted > _size && limits.Budget.TryTake(growth) ? growth : 0;
    }
}

/// <summary>Between which sizes windows move.</summary>
/// <param name="Initial">Where each begins, in bytes.</param>
/// <param name="Max">The largest, in bytes.</param>
/// <param name="Budget">What all may grow together.</param>
internal sealed record WindowLimits(int Initial, int Max, ByteBudget Budget);
