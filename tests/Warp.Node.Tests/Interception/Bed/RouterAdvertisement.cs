using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>"I am your router" (RFC 4861, 4.2), told to everybody on a guest's link.</summary>
internal static class RouterAdvertisement
{
    // Type 134, code 0, checksum (the kernel's), hop limit 64, no flags, a lifetime of 1800 s, reachable and retransmission times unspecified.
    private static readonly byte[] Message = [134, 0, 0, 0, 64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0];

    public static void Send(NetworkNamespace guest) => guest.Run(() =>
    {
        const int onLinkOnly = 255;
        var link = NetworkInterface.GetAllNetworkInterfaces().Single(i => i.Name is "eth0").GetIPProperties().GetIPv6Properties().Index;
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, onLinkOnly);
        return socket.SendTo(Message, new IPEndPoint(IPAddress.Parse($"ff02::1%{link}"), 0));
    });
}
