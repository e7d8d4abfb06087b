using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Warp.Node.Relay.Entry;

namespace Warp.Node.Interception.Queue;

/// <summary>
/// Tells callers "no route to host" (RFC 792, type 3, code 1), so that their connect fails with it. The kernel's own answer of this kind is limited to one a second for each
/// caller (icmp_ratelimit): of many connects that end together all but a few would go on waiting.
/// </summary>
internal sealed class HostUnreachable : IDisposable
{
    private const int IcmpHeader = 8;
    private const int IpHeader = 20;
    private const int TcpPart = 8;
    private readonly Socket _icmp = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { Blocking = false };

    /// <summary>Tells the caller of a packet.</summary>
    public void Tell(in HeldSyn syn)
    {
        try
        {
            _icmp.SendTo(Message(syn), new IPEndPoint(syn.Call.Caller.ToIPAddress(), 0));
        }
        catch (SocketException)
        {
            // The caller's network is gone, and the caller with it.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _icmp.Dispose();

    /// <summary>The message: its header, and of the packet the IP header, the ports and the sequence number, by which the caller knows its connection.</summary>
    internal static byte[] Message(in HeldSyn syn)
    {
        var message = new byte[IcmpHeader + IpHeader + TcpPart];
        (message[0], message[1]) = (3, 1);
        var ip = message.AsSpan(IcmpHeader, IpHeader);
        (ip[0], ip[3], ip[8], ip[9]) = (0x45, 40, 64, 6);
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], syn.Call.Caller.Bits);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], syn.Call.Destination.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip));
        var tcp = message.AsSpan(IcmpHeader + IpHeader);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)syn.Call.CallerPort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)syn.Call.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], syn.Sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        return message;
    }

    /// <summary>The Internet checksum (RFC 1071) of bytes in which its own place is zero; over those with it, it is zero.</summary>
    internal static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (; bytes.Length > 1; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
