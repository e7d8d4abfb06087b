using System.Security.Cryptography;

namespace Warp.Bench.Load;

/// <summary>Random bytes that both ends can make for themselves.</summary>
internal static class KnownBytes
{
    private const int Seed = 271_828;

    /// <summary>The first bytes of the sequence.</summary>
    internal static byte[] Make(int length)
    {
        var bytes = new byte[length];
#pragma warning disable CA5394 // Not a secret: a sequence that can be made again is what is wanted.
        new Random(Seed).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }

    /// <summary>The checksum of what was carried.</summary>
    internal static byte[] Sum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes);
}
