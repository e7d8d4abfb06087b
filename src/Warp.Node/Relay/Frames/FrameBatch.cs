using System.Buffers.Binary;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Frames;

/// <summary>Appends frames to a buffer; the caller has seen to the room.</summary>
internal static unsafe class FrameBatch
{
    /// <summary>The most that a frame other than DATA needs.</summary>
    internal const int MaxControlFrame = FrameHeader.Size + OpenFrame.MaxSize;

    internal static void AddEmpty(this NativeBuffer buffer, FrameType type, uint stream) => buffer.AddHeader(type, 0, stream);

    internal static void AddWindow(this NativeBuffer buffer, uint stream, int increment)
    {
        buffer.AddHeader(FrameType.Window, 4, stream);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Space, increment);
        buffer.Added(4);
    }

    internal static void AddReset(this NativeBuffer buffer, uint stream, ResetReason reason, byte detail)
    {
        buffer.AddHeader(FrameType.Reset, 2, stream);
        buffer.Next[0] = (byte)reason;
        buffer.Next[1] = detail;
        buffer.Added(2);
    }

    internal static void AddEcho(this NativeBuffer buffer, FrameType type, long token)
    {
        buffer.AddHeader(type, 8, 0);
        BinaryPrimitives.WriteInt64BigEndian(buffer.Space, token);
        buffer.Added(8);
    }

    internal static void AddOpen(this NativeBuffer buffer, uint stream, in Routing.OpenRequest request)
    {
        var length = OpenFrame.Write(request, buffer.Space[FrameHeader.Size..]);
        buffer.AddHeader(FrameType.Open, length, stream);
        buffer.Added(length);
    }

    internal static void AddHeader(this NativeBuffer buffer, FrameType type, int length, uint stream)
    {
        new FrameHeader(type, length, stream).Write(buffer.Space);
        buffer.Added(FrameHeader.Size);
    }
}
