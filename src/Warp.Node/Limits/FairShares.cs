using System.Collections.Concurrent;

namespace Warp.Node.Limits;

/// <summary>
/// Divides a number of places among those who ask: one may hold as many as are still free, so the greediest is the first that gets no more (alone it ends at half of all), and
/// there are always some left for one that holds few. Thread-safe.
/// </summary>
/// <typeparam name="T">Who asks.</typeparam>
/// <param name="limit">How many places there are.</param>
internal sealed class FairShares<T>(int limit)
    where T : notnull
{
    private readonly ConcurrentDictionary<T, int> _held = new();
    private int _all;

    /// <summary>Whether nobody holds any.</summary>
    internal bool IsEmpty => _held.IsEmpty;

    /// <summary>How many are held.</summary>
    internal int Count => Volatile.Read(ref _all);

    /// <summary>Takes a place; false when the one who asks holds too many for what is left.</summary>
    internal bool TryTake(T owner)
    {
        // Counted first: two that ask at once see each other.
        var held = _held.AddOrUpdate(owner, 1, static (_, before) => before + 1);
        if (held <= limit - Interlocked.Increment(ref _all) + 1)
        {
            return true;
        }

        Return(owner);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    internal void Return(T owner)
    {
        Interlocked.Decrement(ref _all);
        if (_held.AddOrUpdate(owner, 0, static (_, before) => before - 1) == 0)
        {
            _held.TryRemove(KeyValuePair.Create(owner, 0));
        }
    }
}
