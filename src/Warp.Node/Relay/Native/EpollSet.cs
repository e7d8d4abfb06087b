using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Warp.Node.Relay.Native;

/// <summary>What epoll reports of a descriptor (man 2 epoll_ctl).</summary>
[Flags]
internal enum ReadyEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Readable.</summary>
    In = 0x1,

    /// <summary>Writable.</summary>
    Out = 0x4,

    /// <summary>A socket error waits.</summary>
    Error = 0x8,

    /// <summary>Both directions are closed.</summary>
    HangUp = 0x10,

    /// <summary>The peer has closed its direction.</summary>
    PeerClosed = 0x2000,

    /// <summary>Wake only some of the sets that share the descriptor.</summary>
    Exclusive = 1u << 28,

    /// <summary>Report a change once.</summary>
    EdgeTriggered = 1u << 31,
}

/// <summary>Questions to <see cref="ReadyEvents"/>.</summary>
internal static class ReadyEventsExtensions
{
    /// <summary>Whether any of the wanted ones is there.</summary>
    internal static bool HasAny(this ReadyEvents events, ReadyEvents wanted) => (events & wanted) != ReadyEvents.None;
}

/// <summary>One epoll instance and the array its events are read into; used by one thread.</summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private const int Capacity = 512;

    // The kernel packs the structure on x86-64 only (sys/epoll.h).
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;
    private readonly Descriptor _descriptor;
    private readonly byte[] _ready = GC.AllocateArray<byte>(Capacity * 16, pinned: true);

    internal EpollSet()
    {
        var descriptor = Libc.EpollCreate(Libc.CloseOnExec);
        _descriptor = descriptor >= 0 ? new Descriptor(descriptor) : throw new InvalidOperationException($"epoll_create1 failed with errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Watches a descriptor.</summary>
    /// <returns>False when the kernel has no room (fs.epoll.max_user_watches).</returns>
    internal bool Add(int descriptor, ReadyEvents events, ulong data)
    {
        Span<byte> entry = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)events);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[DataOffset..], data);
        fixed (byte* pointer = entry)
        {
            return Libc.EpollControl(_descriptor.Number, Libc.EpollAdd, descriptor, pointer) == 0;
        }
    }

    /// <summary>Stops watching a descriptor that stays open.</summary>
    internal void Remove(int descriptor)
    {
        Span<byte> unused = stackalloc byte[16];
        fixed (byte* pointer = unused)
        {
            _ = Libc.EpollControl(_descriptor.Number, Libc.EpollDelete, descriptor, pointer);
        }
    }

    /// <summary>Waits for events.</summary>
    /// <param name="timeoutMilliseconds">0 polls; -1 waits without end.</param>
    /// <returns>How many there are; 0 after the time or a signal.</returns>
    internal int Wait(int timeoutMilliseconds)
    {
        var count = Libc.EpollWait(_descriptor.Number, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_ready)), Capacity, timeoutMilliseconds);
        return Math.Max(count, 0);
    }

    /// <summary>The event at an index of the last wait.</summary>
    internal (ReadyEvents Events, ulong Data) this[int index]
    {
        get
        {
            var entry = _ready.AsSpan(index * Stride, Stride);
            return ((ReadyEvents)BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt64LittleEndian(entry[DataOffset..]));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
