namespace Warp.Node.Relay.Loops;

/// <summary>
/// Gives each watched descriptor a number that is never valid for a later one: index and generation. An event that was read before its descriptor
/// was closed and the slot given to another finds nobody.
/// </summary>
internal sealed class SlotTable
{
    private readonly ChunkedArray<Entry> _entries = new();
    private int _free;
    private int _used;

    /// <summary>How many are watched.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes a slot.</summary>
    /// <returns>The number for the event set.</returns>
    internal ulong Add(PollTarget target)
    {
        if (_free == 0 && _used == _entries.Length)
        {
            _entries.Grow();
        }

        var index = _free != 0 ? _free - 1 : _used++;
        ref var entry = ref _entries[index];
        _free = _free != 0 ? entry.NextFree : 0;
        Count++;
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
        entry.NextFree = _free;
        _free = target.Slot;
        target.Slot = 0;
        Count--;
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

        /// <summary>The next free slot plus one; 0 for none.</summary>
        internal int NextFree;
    }
}
