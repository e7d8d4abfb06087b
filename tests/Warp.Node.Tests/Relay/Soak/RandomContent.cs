using System.Buffers.Binary;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>
/// Random bytes that both ends can make from a seed, from any position on: what arrives is compared byte by byte, so a byte that is lost, doubled, changed
/// or of another stream is seen where it happens.
/// </summary>
internal static class RandomContent
{
    private const int Word = sizeof(ulong);

    /// <summary>Writes the content from a position on.</summary>
    internal static void Fill(ulong seed, long position, Span<byte> target)
    {
        Span<byte> word = stackalloc byte[Word];
        while (!target.IsEmpty)
        {
            var skipped = (int)(position % Word);
            BinaryPrimitives.WriteUInt64LittleEndian(word, At(seed, (ulong)(position / Word)));
            var part = word[skipped..Math.Min(Word, skipped + target.Length)];
            part.CopyTo(target);
            target = target[part.Length..];
            position += part.Length;
        }
    }

    /// <summary>Whether these are the bytes from a position on.</summary>
    internal static bool Matches(ulong seed, long position, ReadOnlySpan<byte> bytes, Span<byte> scratch)
    {
        var expected = scratch[..bytes.Length];
        Fill(seed, position, expected);
        return bytes.SequenceEqual(expected);
    }

    // A counter through a mixing function: any two words differ in about half of their bits.
    private static ulong At(ulong seed, ulong index)
    {
        var x = seed + (index * 0x9E3779B97F4A7C15);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
