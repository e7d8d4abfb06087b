namespace Warp.Node.Relay.Streams;

/// <summary>
/// What the peer may still send on one stream. Credit counts bytes that the local socket took, so a slow reader stalls its own stream and nothing else;
/// it is returned in quarters of the window. The window doubles while a quarter goes through faster than the round trip allows for.
/// </summary>
internal struct ReceiveWindow
{
    private int _size;
    private int _open;
    private int _unreturned;
    private long _lastReturn;

    internal ReceiveWindow(int initial) => (_size, _open) = (initial, initial);

    /// <summary>The window's size in bytes.</summary>
    internal readonly int Size => _size;

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
        if (_unreturned < _size / 4)
        {
            return 0;
        }

        var growth = Growth(now - _lastReturn, roundTrip, limits);
        _lastReturn = now;
        var credit = _unreturned + growth;
        _size += growth;
        _open += credit;
        _unreturned = 0;
        return credit;
    }

    /// <summary>Gives what it grew back to the budget; once, when the stream is over.</summary>
    internal readonly void Release(WindowLimits limits) => limits.Budget.Return(_size - limits.Initial);

    // Delivered at this pace, a round trip carries (unreturned / elapsed) * roundTrip bytes; the window is to be twice that at least.
    private readonly int Growth(long elapsed, long roundTrip, WindowLimits limits) =>
        _size < limits.Max && 2L * _unreturned * roundTrip > _size * Math.Max(elapsed, 1) && limits.Budget.TryTake(Math.Min(_size, limits.Max - _size))
            ? Math.Min(_size, limits.Max - _size)
            : 0;
}

/// <summary>Between which sizes windows move.</summary>
/// <param name="Initial">Where each begins, in bytes.</param>
/// <param name="Max">The largest, in bytes.</param>
/// <param name="Budget">What all may grow together.</param>
internal sealed record WindowLimits(int Initial, int Max, ByteBudget Budget);
