using Warp.Cluster.Identity;
using Warp.Node.Limits;

namespace Warp.Node.Relay.Entry;

/// <summary>The calls of one loop that wait for their way, oldest first; a container may hold as many places as are still free.</summary>
/// <param name="limit">How many there may be.</param>
internal sealed class HeldCalls(int limit)
{
    private readonly FairShares<Ipv4Address> _places = new(limit);
    private readonly Queue<HeldCall> _calls = new();

    /// <summary>How many there are.</summary>
    internal int Count => _calls.Count;

    /// <summary>Holds a call; false when there is no place for its caller.</summary>
    internal bool TryAdd(HeldCall call)
    {
        if (!_places.TryTake(call.Call.Caller))
        {
            return false;
        }

        _calls.Enqueue(call);
        return true;
    }

    /// <summary>Takes the oldest out; null when there is none.</summary>
    internal HeldCall? Take()
    {
        if (!_calls.TryDequeue(out var call))
        {
            return null;
        }

        _places.Return(call.Call.Caller);
        return call;
    }
}
