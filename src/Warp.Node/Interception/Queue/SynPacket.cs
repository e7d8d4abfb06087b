using System.Buffers.Binary;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Entry;

namespace Warp.Node.Interception.Queue;

/// <summary>Reads what a connection's first packet says (RFC 791 and RFC 9293).</summary>
internal static class SynPacket
{
    /// <summary>How many bytes are needed at most: an IPv4 header with all its options, and TCP's header up to its flags.</summary>
    public const int Size = 60 + LeastTcp;

    private const int LeastIp = 20;
    private const int LeastTcp = 14;
    private const byte Tcp = 6;
    private const int FlagsMask = 0x17;
    private const int Syn = 0x02;

    /// <summary>Reads it; false when it is not the first packet of a TCP connection over IPv4.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out EntryCall call, out uint sequence)
    {
        (call, sequence) = (default, 0);
        if (packet.Length < LeastIp + LeastTcp || packet[0] >> 4 != 4 || packet[9] != Tcp)
        {
            return false;
        }

        var header = (packet[0] & 0xf) * 4;
        if (header < LeastIp || packet.Length < header + LeastTcp)
        {
            return false;
        }

        var tcp = packet[header..];
        call = new EntryCall(
            new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(packet[12..])),
            BinaryPrimitives.ReadUInt16BigEndian(tcp),
            new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(packet[16..])),
            BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]));
        sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]);
        return (tcp[13] & FlagsMask) == Syn;
    }
}
