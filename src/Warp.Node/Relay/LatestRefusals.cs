using System.Collections.Immutable;

namespace Warp.Node.Relay;

/// <summary>The refusals that came last, each kind once with its number, so that a flood of one hides no other. Thread-safe.</summary>
internal sealed class LatestRefusals
{
    private const int Kept = 100;
    private readonly Lock _gate = new();
    private readonly LinkedList<RefusedAttempt> _latest = new();
    private readonly Dictionary<RefusedAttempt, LinkedListNode<RefusedAttempt>> _known = [];

    /// <summary>One more.</summary>
    internal void Add(RefusalPlace place, string reason, string caller, string target)
    {
        var kind = new RefusedAttempt(place, reason, caller, target, default, 0);
        lock (_gate)
        {
            var times = 1L;
            if (_known.Remove(kind, out var before))
            {
                times += before.Value.Times;
                _latest.Remove(before);
            }
            else if (_latest.Count == Kept)
            {
                _known.Remove(_latest.Last!.Value.Kind);
                _latest.RemoveLast();
            }

            _known[kind] = _latest.AddFirst(kind with { Last = DateTimeOffset.UtcNow, Times = times });
        }
    }

    /// <summary>All that are kept, the last one first.</summary>
    internal ImmutableArray<RefusedAttempt> Read()
    {
        lock (_gate)
        {
            return [.. _latest];
        }
    }
}
