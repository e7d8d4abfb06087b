using System.Buffers.Binary;

namespace Warp.Node.Relay.Frames;

/// <summary>
/// The first bytes of each direction of a trunk: <c>"WARP"</c>, version (2), length of the settings (2), settings. A newer program may append settings;
/// what is not known is skipped. Another version is refused: both ends say so in their logs.
/// </summary>
/// <param name="MaxData">The largest payload of a DATA frame that the sender of the preface takes, in bytes.</param>
/// <param name="InitialWindow">How many payload bytes it takes on each new stream before it has returned credit.</param>
internal readonly record struct Preface(int MaxData, int InitialWindow)
{
    /// <summary>The version of the frame protocol.</summary>
    internal const int Version = 1;

    /// <summary>Bytes that this version writes.</summary>
    internal const int Size = FixedSize + KnownSettings;

    /// <summary>Below this a DATA frame is not worth its header.</summary>
    internal const int LeastMaxData = 1024;

    private const int FixedSize = 8;
    private const int KnownSettings = 8;
    private const int MaxSettings = 1024;
    private const uint Magic = 0x57415250;

    /// <summary>Writes the preface to the first <see cref="Size"/> bytes.</summary>
    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], Version);
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], KnownSettings);
        BinaryPrimitives.WriteInt32BigEndian(target[FixedSize..], MaxData);
        BinaryPrimitives.WriteInt32BigEndian(target[(FixedSize + 4)..], InitialWindow);
    }

    /// <summary>Reads a preface.</summary>
    /// <param name="source">The first bytes of the trunk.</param>
    /// <param name="preface">What the peer said, when whole.</param>
    /// <param name="size">How many bytes it took, when whole.</param>
    /// <param name="problem">Why it is invalid, for the log; else null.</param>
    internal static FrameRead Read(ReadOnlySpan<byte> source, out Preface preface, out int size, out string? problem)
    {
        (preface, size, problem) = (default, 0, null);
        if (source.Length < FixedSize)
        {
            return FrameRead.Incomplete;
        }

        var version = BinaryPrimitives.ReadUInt16BigEndian(source[4..]);
        var settings = BinaryPrimitives.ReadUInt16BigEndian(source[6..]);
        problem = BinaryPrimitives.ReadUInt32BigEndian(source) != Magic ? "it does not speak the trunk protocol"
            : version != Version ? $"it speaks version {version} of the trunk protocol, this node version {Version}: bring both to the same release"
            : settings is < KnownSettings or > MaxSettings ? $"its preface has {settings} bytes of settings"
            : null;
        if (problem is not null)
        {
            return FrameRead.Invalid;
        }

        if (source.Length < FixedSize + settings)
        {
            return FrameRead.Incomplete;
        }

        size = FixedSize + settings;
        preface = new Preface(BinaryPrimitives.ReadInt32BigEndian(source[FixedSize..]), BinaryPrimitives.ReadInt32BigEndian(source[(FixedSize + 4)..]));
        problem = preface.MaxData is < LeastMaxData or > FrameHeader.MaxLength ? $"its largest frame is {preface.MaxData} bytes"
            : preface.InitialWindow < 1 ? $"its initial window is {preface.InitialWindow} bytes"
            : null;
        return problem is null ? FrameRead.Frame : FrameRead.Invalid;
    }
}
