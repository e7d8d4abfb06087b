using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Warp.Node.Interception.Netlink;

namespace Warp.Node.Interception.Queue;

/// <summary>The messages of the kernel's packet queue (linux/netfilter/nfnetlink_queue.h). Numbers inside them are in network byte order.</summary>
internal static class QueueMessages
{
    /// <summary>A verdict: message, queue, and two attributes.</summary>
    public const int VerdictSize = HeaderSize + FamilyHeaderSize + VerdictAttribute + MarkAttribute;

    private const int HeaderSize = 16;
    private const int FamilyHeaderSize = 4;
    private const int VerdictAttribute = 12;
    private const int MarkAttribute = 8;
    private const ushort Packet = 3 << 8;
    private const ushort Verdict = (3 << 8) | 1;
    private const ushort Config = (3 << 8) | 2;
    private const uint Drop = 0;
    private const uint Accept = 1;

    /// <summary>Takes the queue for the asking socket. Until <see cref="Begin"/> its packets are dropped.</summary>
    /// <param name="queue">The queue's number.</param>
    /// <param name="length">How many packets may wait in it; others, and such as the socket has no room for, go on without a verdict.</param>
    public static NetlinkRequest Bind(int queue, uint length)
    {
        const int command = 1;
        const int maxLength = 3;
        const int mask = 4;
        const int flags = 5;
        const uint failOpen = 1;
        return new NetlinkRequest(Config, NetlinkFlags.Acknowledge, FamilyHeader(queue))
            .With(command, [1, 0, 0, 0])
            .WithBigEndian(maxLength, length)
            .WithBigEndian(mask, failOpen)
            .WithBigEndian(flags, failOpen);
    }

    /// <summary>Asks for the packets' beginnings.</summary>
    public static byte[] Begin(int queue, int copied)
    {
        const int parameters = 2;
        const byte copyPacket = 2;
        var payload = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(payload, copied);
        payload[4] = copyPacket;
        return new NetlinkRequest(Config, NetlinkFlags.None, FamilyHeader(queue)).With(parameters, payload).ToBytes(0);
    }

    /// <summary>Reads a datagram: the packet's number and its beginning; false when it is something else, such as the answer to a verdict that came too late.</summary>
    public static bool TryReadPacket(ReadOnlySpan<byte> datagram, out uint number, out ReadOnlySpan<byte> content)
    {
        const int packetHeader = 1;
        const int payload = 10;
        number = 0;
        content = default;
        if (datagram.Length < HeaderSize + FamilyHeaderSize || MemoryMarshal.Read<ushort>(datagram[4..]) != Packet)
        {
            return false;
        }

        var attributes = datagram[(HeaderSize + FamilyHeaderSize)..];
        var header = NetlinkAttributes.Find(attributes, packetHeader);
        content = NetlinkAttributes.Find(attributes, payload);
        return header.Length >= sizeof(uint) && BinaryPrimitives.TryReadUInt32BigEndian(header, out number);
    }

    /// <summary>Writes the verdict on a packet: dropped, or on its way again with a mark.</summary>
    /// <param name="queue">The queue's number.</param>
    /// <param name="number">The packet's.</param>
    /// <param name="mark">The mark to go on with, 0 for the one that it has; null drops it.</param>
    /// <param name="message">At least <see cref="VerdictSize"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteVerdict(int queue, uint number, uint? mark, Span<byte> message)
    {
        const ushort verdictHeader = 2;
        const ushort markAttribute = 3;
        var size = VerdictSize - (mark is > 0 ? 0 : MarkAttribute);
        message[..size].Clear();
        MemoryMarshal.Write(message, size);
        MemoryMarshal.Write(message[4..], Verdict);
        MemoryMarshal.Write(message[6..], (ushort)NetlinkFlags.Request);
        FamilyHeader(queue).CopyTo(message[HeaderSize..]);
        var attribute = message[(HeaderSize + FamilyHeaderSize)..];
        MemoryMarshal.Write(attribute, (ushort)VerdictAttribute);
        MemoryMarshal.Write(attribute[2..], verdictHeader);
        BinaryPrimitives.WriteUInt32BigEndian(attribute[4..], mark is null ? Drop : Accept);
        BinaryPrimitives.WriteUInt32BigEndian(attribute[8..], number);
        if (mark is > 0)
        {
            attribute = attribute[VerdictAttribute..];
            MemoryMarshal.Write(attribute, (ushort)MarkAttribute);
            MemoryMarshal.Write(attribute[2..], markAttribute);
            BinaryPrimitives.WriteUInt32BigEndian(attribute[4..], mark.Value);
        }

        return size;
    }

    // struct nfgenmsg: any family, version 0, the queue.
    private static byte[] FamilyHeader(int queue) => [0, 0, (byte)(queue >> 8), (byte)queue];
}
