namespace Warp.Node.Relay.Streams;

/// <summary>A number of bytes that all loops share.</summary>
/// <param name="limit">How many there are.</param>
internal sealed class ByteBudget(long limit)
{
    private long _used;

    /// <summary>How many are taken.</summary>
    internal long Used => Volatile.Read(ref _used);

    /// <summary>How many are left.</summary>
    internal long Free => limit - Used;

    /// <summary>Takes bytes when there are enough.</summary>
    internal bool TryTake(long count)
    {
        if (Interlocked.Add(ref _used, count) <= limit)
        {
            return true;
        }

        Return(count);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    internal void Return(long count) => Interlocked.Add(ref _used, -count);
}
