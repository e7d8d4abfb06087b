namespace Warp.Node.Relay.Loops;

/// <summary>
/// Gives each watched descriptor a number that is never valid for a later one: index and generation. An event that was read before its descriptor
/// was closed and the slot given to another finds nobody.
/// </summary>
internal sealed class SlotTable
{
    private readonly Stack<int> _free = new();
    private Entry[] _entries = new Entry[64];
    private int _used;

    /// <summary>How many are watched.</summary>
    internal int Count => _used - _free.Count;

    /// <summary>Takes a slot.</summary>
    /// <returns>The number for the event set.</returns>
    internal ulong Add(PollTarget target)
    {
        if (!_free.TryPop(out var index))
        {
            index = _used++;
            if (index == _entries.Length)
            {
                Array.Resize(ref _entries, 2 * index);
            }
        }

        ref var entry = ref _entries[index];
        entry.Target = target;
        target.Slot = index + 1;
        return ((ulong)entry.Generation << 32) | (uint)index;
    }

    /// <summary>Gives the slot back; its old number is void from now on.</summary>
    internal void Remove(PollTarget target)
    {
        var index = target.Slot - 1;
        ref var entry = ref _entries[index];
        entry.Target = null;
        entry.Generation++;
        target.Slot = 0;
        _free.Push(index);
    }

    /// <summary>Who has the number; null when it is void.</summary>
    internal PollTarget? Find(ulong number)
    {
        ref var entry = ref _entries[(int)(uint)number];
        return entry.Generation == (uint)(number >> 32) ? entry.Target : null;
    }

    private struct Entry
    {
        internal PollTarget? Target;
        internal uint Generation;
    }
}
