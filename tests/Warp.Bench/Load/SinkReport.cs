using System.Buffers.Binary;

namespace Warp.Bench.Load;

/// <summary>What a sink counted.</summary>
/// <param name="Bytes">All bytes of the stream.</param>
/// <param name="CountedBytes">Those that came within the counted time.</param>
/// <param name="CountedNanoseconds">The counted time.</param>
internal readonly record struct SinkReport(long Bytes, long CountedBytes, long CountedNanoseconds)
{
    internal const int Length = 24;

    internal double MegabytesPerSecond => CountedNanoseconds > 0 ? CountedBytes * 1e3 / CountedNanoseconds : 0;

    internal static SinkReport Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));

    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], CountedBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], CountedNanoseconds);
    }
}
