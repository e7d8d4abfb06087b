namespace Warp.Node.Relay;

/// <summary>An array that grows by pieces instead of being copied: no garbage, no pause while tens of thousands of elements move, and little room for nothing.</summary>
/// <typeparam name="T">The elements, which begin as their default.</typeparam>
internal sealed class ChunkedArray<T>
    where T : struct
{
    private const int ChunkBits = 9;
    private const int ChunkSize = 1 << ChunkBits;
    private T[][] _chunks = [new T[ChunkSize]];

    /// <summary>How many elements there are.</summary>
    internal int Length => _chunks.Length << ChunkBits;

    /// <summary>An element.</summary>
    internal ref T this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>Adds elements at the end.</summary>
    internal void Grow() => _chunks = [.. _chunks, new T[ChunkSize]];
}
