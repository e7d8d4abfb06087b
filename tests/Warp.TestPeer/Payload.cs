using System.Runtime.InteropServices;

namespace Warp.TestPeer;

/// <summary>An endless stream of bytes that both ends can make from one number, so that a receiver sees the first wrong, missing or doubled byte (SplitMix64).</summary>
internal sealed class Payload(ulong seed)
{
    private readonly byte[] _expected = new byte[ChunkSize];
    private readonly byte[] _pending = new byte[ChunkSize];
    private ulong _state = seed;
    private int _pendingFrom = ChunkSize;

    public const int ChunkSize = 64 * 1024;

    /// <summary>The number of the stream that has no end.</summary>
    public const ulong EndlessSeed = 7;

    /// <summary>Writes the next bytes of the stream.</summary>
    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_pendingFrom == ChunkSize)
            {
                Next();
            }

            var count = Math.Min(bytes.Length, ChunkSize - _pendingFrom);
            _pending.AsSpan(_pendingFrom, count).CopyTo(bytes);
            _pendingFrom += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Whether these are the next bytes of the stream; at most <see cref="ChunkSize"/> of them.</summary>
    public bool Matches(ReadOnlySpan<byte> bytes)
    {
        var expected = _expected.AsSpan(0, bytes.Length);
        Fill(expected);
        return bytes.SequenceEqual(expected);
    }

    private void Next()
    {
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(_pending.AsSpan()))
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            word = z ^ (z >> 31);
        }

        _pendingFrom = 0;
    }
}
