using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Loops;

/// <summary>What a loop watches: the owner of one descriptor. All members are called on the loop's thread.</summary>
internal abstract class PollTarget
{
    /// <summary>The place in the loop's table plus one; 0 while not watched.</summary>
    internal int Slot { get; set; }

    /// <summary>The descriptor is ready.</summary>
    internal abstract void OnReady(ReadyEvents events);

    /// <summary>Handling an event threw: give up what this target stands for, and only that.</summary>
    internal abstract void OnFault(Exception fault);
}
