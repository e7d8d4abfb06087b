using System.Runtime.InteropServices;

namespace Warp.Node.Relay.Streams;

/// <summary>A piece of memory outside the managed heap in a chain of waiting bytes.</summary>
internal sealed unsafe class Block
{
    /// <summary>Bytes of a block.</summary>
    internal const int Size = 16 * 1024;

    internal Block() => Data = (byte*)NativeMemory.Alloc(Size);

    /// <summary>Its memory.</summary>
    internal byte* Data { get; }

    /// <summary>The first waiting byte.</summary>
    internal int Start { get; set; }

    /// <summary>Behind the last waiting byte.</summary>
    internal int End { get; set; }

    /// <summary>The next block of the chain.</summary>
    internal Block? Following { get; set; }

    /// <summary>Gives the memory back; the block is not used again.</summary>
    internal void Free() => NativeMemory.Free(Data);
}

/// <summary>The blocks of one loop: a bounded number is kept for reuse.</summary>
internal sealed class BlockPool : IDisposable
{
    private const int MaxKept = 1024;
    private Block? _kept;
    private int _count;

    /// <summary>Takes an empty block.</summary>
    internal Block Take()
    {
        if (_kept is not { } block)
        {
            return new Block();
        }

        _kept = block.Following;
        _count--;
        (block.Start, block.End, block.Following) = (0, 0, null);
        return block;
    }

    /// <summary>Gives a block back.</summary>
    internal void Return(Block block)
    {
        if (_count == MaxKept)
        {
            block.Free();
            return;
        }

        block.Following = _kept;
        _kept = block;
        _count++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (; _kept is { } block; _kept = block.Following)
        {
            block.Free();
        }
    }
}
