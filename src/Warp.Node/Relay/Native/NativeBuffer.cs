using System.Runtime.InteropServices;

namespace Warp.Node.Relay.Native;

/// <summary>Where a <see cref="NativeBuffer"/>'s bytes are; lies in native memory itself so that native callbacks reach it without a handle.</summary>
internal unsafe struct BufferState
{
    internal byte* Data;
    internal int Start;
    internal int End;
    internal int Capacity;
}

/// <summary>
/// Bytes outside the managed heap that are filled at the end and taken from the start. Its pages are touched only as far as it is filled,
/// so a large buffer of an idle trunk costs address space, not memory. Used by one thread.
/// </summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    internal NativeBuffer(int capacity)
        : base(nint.Zero, ownsHandle: true)
    {
        var block = (byte*)NativeMemory.Alloc((nuint)(capacity + sizeof(BufferState)));
        SetHandle((nint)block);
        *State = new BufferState { Data = block + sizeof(BufferState), Capacity = capacity };
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == nint.Zero;

    /// <summary>The state, for native callbacks; valid until disposed.</summary>
    internal BufferState* State => (BufferState*)handle;

    /// <summary>How many bytes are in it.</summary>
    internal int Length => State->End - State->Start;

    /// <summary>How many bytes can be added without moving.</summary>
    internal int Room => State->Capacity - State->End;

    /// <summary>The first byte.</summary>
    internal byte* First => State->Data + State->Start;

    /// <summary>Where the next byte goes.</summary>
    internal byte* Next => State->Data + State->End;

    /// <summary>The bytes.</summary>
    internal ReadOnlySpan<byte> Bytes => new(First, Length);

    /// <summary>The room behind the bytes.</summary>
    internal Span<byte> Space => new(Next, Room);

    /// <summary>Bytes were written at <see cref="Next"/>.</summary>
    internal void Added(int count) => State->End += count;

    /// <summary>Bytes at <see cref="First"/> are done with.</summary>
    internal void Taken(int count)
    {
        State->Start += count;
        if (State->Start == State->End)
        {
            State->Start = State->End = 0;
        }
    }

    /// <summary>Moves the bytes to the front, so that all room is behind them.</summary>
    internal void Compact()
    {
        if (State->Start > 0)
        {
            var length = Length;
            Buffer.MemoryCopy(First, State->Data, State->Capacity, length);
            (State->Start, State->End) = (0, length);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
