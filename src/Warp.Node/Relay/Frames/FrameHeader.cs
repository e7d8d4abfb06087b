using System.Buffers.Binary;

namespace Warp.Node.Relay.Frames;

/// <summary>The kinds of frames on a trunk; the numbers are the wire's and never change their meaning.</summary>
internal enum FrameType : byte
{
    /// <summary>Asks for a new stream; payload: <see cref="OpenFrame"/>. Data may follow at once.</summary>
    Open = 1,

    /// <summary>The target has accepted; no payload.</summary>
    Opened = 2,

    /// <summary>Payload of the stream, at least one byte.</summary>
    Data = 3,

    /// <summary>Four bytes: how many more payload bytes the receiver takes.</summary>
    Window = 4,

    /// <summary>The sender's direction ends cleanly; no payload.</summary>
    Fin = 5,

    /// <summary>Two bytes: <see cref="ResetReason"/> and detail. The stream is over in both directions.</summary>
    Reset = 6,

    /// <summary>Eight bytes that come back in a <see cref="Pong"/>; stream 0.</summary>
    Ping = 7,

    /// <summary>The answer to a <see cref="Ping"/>; stream 0.</summary>
    Pong = 8,

    /// <summary>The sender opens no more streams on this trunk; stream 0, no payload. Answered by the same.</summary>
    GoAway = 9,
}

/// <summary>Eight bytes before each payload: type, length of the payload (24 bits), stream (32 bits), in network byte order.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Length">Payload bytes, 0 to <see cref="MaxLength"/>.</param>
/// <param name="Stream">The stream; odd when the dialler of the trunk opened it, even when the acceptor did; 0 is the trunk itself.</param>
internal readonly record struct FrameHeader(FrameType Type, int Length, uint Stream)
{
    /// <summary>Bytes of a header.</summary>
    internal const int Size = 8;

    /// <summary>What 24 bits can say.</summary>
    internal const int MaxLength = 0xFFFFFF;

    /// <summary>Writes the header to the first bytes of <paramref name="target"/>.</summary>
    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, ((uint)Type << 24) | (uint)Length);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], Stream);
    }

    /// <summary>Reads the header from the first bytes of <paramref name="source"/>; whether it makes sense is <see cref="Problem"/>'s question.</summary>
    internal static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(source);
        return new FrameHeader((FrameType)(first >> 24), (int)(first & MaxLength), BinaryPrimitives.ReadUInt32BigEndian(source[4..]));
    }

    /// <summary>What is wrong with the header; null when nothing.</summary>
    /// <param name="maxData">The largest payload of a DATA frame that was agreed on.</param>
    internal string? Problem(int maxData)
    {
        var (least, most) = Type switch
        {
            FrameType.Open => (OpenFrame.MinSize, OpenFrame.MaxSize),
            FrameType.Data => (1, maxData),
            FrameType.Window => (4, 4),
            FrameType.Reset => (2, 2),
            FrameType.Ping or FrameType.Pong => (8, 8),
            FrameType.Opened or FrameType.Fin or FrameType.GoAway => (0, 0),
            _ => (-1, -1),
        };
        if (most < 0)
        {
            return $"a frame of the unknown type {(byte)Type}";
        }

        if (Length < least || Length > most)
        {
            return $"a {Type} frame of {Length} bytes";
        }

        var ofTrunk = Type is FrameType.Ping or FrameType.Pong or FrameType.GoAway;
        return ofTrunk == (Stream == 0) ? null : $"a {Type} frame for stream {Stream}";
    }
}
