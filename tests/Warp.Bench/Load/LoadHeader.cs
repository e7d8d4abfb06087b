using System.Buffers.Binary;

namespace Warp.Bench.Load;

/// <summary>What the load server does with a connection.</summary>
internal enum LoadMode : byte
{
    /// <summary>Sends back what it reads.</summary>
    Echo = 1,

    /// <summary>Counts what it reads for as many milliseconds as the argument says and answers at the end of the stream with its <see cref="SinkReport"/>.</summary>
    Sink,

    /// <summary>Sends without end until a byte comes, then ends its direction.</summary>
    Source,

    /// <summary>Reads as many bytes as the argument says and answers with their SHA-256.</summary>
    Digest,

    /// <summary>Sends as many bytes of <see cref="KnownBytes"/> as the argument says, then ends its direction.</summary>
    Known,

    /// <summary>Reads to the end of the stream and only then answers with one byte.</summary>
    AwaitEnd,
}

/// <summary>The first bytes of each connection to the load server: a word, the mode and a number for it.</summary>
internal static class LoadHeader
{
    internal const int Length = 16;

    private static ReadOnlySpan<byte> Word => "WLOAD01"u8;

    internal static void Write(Span<byte> target, LoadMode mode, long argument)
    {
        Word.CopyTo(target);
        target[Word.Length] = (byte)mode;
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], argument);
    }

    internal static byte[] Make(LoadMode mode, long argument)
    {
        var header = new byte[Length];
        Write(header, mode, argument);
        return header;
    }

    internal static bool TryRead(ReadOnlySpan<byte> header, out LoadMode mode, out long argument)
    {
        (mode, argument) = ((LoadMode)header[Word.Length], BinaryPrimitives.ReadInt64LittleEndian(header[8..]));
        return header[..Word.Length].SequenceEqual(Word);
    }
}
