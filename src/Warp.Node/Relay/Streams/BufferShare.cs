namespace Warp.Node.Relay.Streams;

/// <summary>
/// One peer's part of the memory for waiting bytes. It may grow while more than it holds is still free, so the peer that holds the most is the first that gets no more
/// and there is always some left for one that holds little: a single greedy peer ends at half of the whole, two at a third each. Within a peer the same goes for its streams:
/// what one of them holds already counts once more.
/// </summary>
/// <param name="all">What all peers share.</param>
internal sealed class BufferShare(ByteBudget all)
{
    private long _held;

    /// <summary>Takes bytes when the peer and its stream may have them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="ofStream">How many the stream holds with them.</param>
    internal bool TryTake(long count, long ofStream)
    {
        // Counted first: two loops that ask at once see each other.
        var held = Interlocked.Add(ref _held, count);
        if (all.TryTake(count))
        {
            if (held + ofStream <= all.Free)
            {
                return true;
            }

            all.Return(count);
        }

        Interlocked.Add(ref _held, -count);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    internal void Return(long count)
    {
        Interlocked.Add(ref _held, -count);
        all.Return(count);
    }
}
