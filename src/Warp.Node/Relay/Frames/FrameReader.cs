namespace Warp.Node.Relay.Frames;

/// <summary>What the bytes at hand hold.</summary>
internal enum FrameRead
{
    /// <summary>A whole frame.</summary>
    Frame,

    /// <summary>The beginning of a frame.</summary>
    Incomplete,

    /// <summary>No frame that may be; the trunk is to be closed.</summary>
    Invalid,
}

/// <summary>Cuts frames out of decrypted bytes. Stateless: what is incomplete is offered again with more behind it.</summary>
internal static class FrameReader
{
    /// <summary>Looks at the first bytes.</summary>
    /// <param name="source">Bytes from the beginning of a frame.</param>
    /// <param name="maxData">The largest payload of a DATA frame.</param>
    /// <param name="header">The frame's header, unless incomplete.</param>
    /// <param name="payload">Its payload, when whole.</param>
    internal static FrameRead Read(ReadOnlySpan<byte> source, int maxData, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (source.Length < FrameHeader.Size)
        {
            return FrameRead.Incomplete;
        }

        header = FrameHeader.Read(source);
        if (header.Problem(maxData) is not null)
        {
            return FrameRead.Invalid;
        }

        if (source.Length < FrameHeader.Size + header.Length)
        {
            return FrameRead.Incomplete;
        }

        payload = source.Slice(FrameHeader.Size, header.Length);
        return FrameRead.Frame;
    }
}
