using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Entry;

/// <summary>One loop's part of the queue of held packets, which all loops share: whichever is idle takes the packet.</summary>
internal sealed class SynReader(ISynQueue queue, WaitingCallers callers, EntryDesk desk) : PollTarget, ILoopMember
{
    private const int ReadsPerEvent = 32;

    /// <summary>On the loop's thread: begins to read.</summary>
    internal void Start()
    {
        _ = desk.Loop.Watch(queue.Descriptor, ReadyEvents.In | ReadyEvents.Exclusive, this);
        desk.Loop.Join(this);
    }

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        for (var i = 0; i < ReadsPerEvent && queue.TryRead(out var syn); i++)
        {
            if (callers.Arrived(syn) is { } caller)
            {
                desk.Admit(caller, syn.Call);
            }
        }
    }

    /// <inheritdoc/>
    public bool Turn() => false;

    /// <inheritdoc/>
    public void Tick(long now) => callers.Tick(now);

    /// <inheritdoc/>
    void ILoopMember.OnFault(Exception fault)
    {
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault)
    {
    }
}
