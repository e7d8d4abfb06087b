using System.Buffers.Binary;
using System.Text;
using Warp.Cluster.Identity;

namespace Warp.Node.Interception.Netlink;

/// <summary>The IPv4 addresses of a network namespace's interfaces (rtnetlink(7)). One message for each, which has the interface's name: much less than its routes.</summary>
internal sealed class KernelAddresses(NetlinkSocket route)
{
    private const int GetAddress = 22;
    private const int HeaderSize = 8;
    private const int Local = 2;
    private const int Label = 3;
    private const byte InterNetwork = 2;

    /// <summary>All of them, by the name of their interface.</summary>
    public IEnumerable<(string Interface, Ipv4Address Address)> List()
    {
        byte[] header = [InterNetwork, 0, 0, 0, 0, 0, 0, 0];
        return route.Ask(new NetlinkRequest(GetAddress, NetlinkFlags.Dump, header)).Messages.Select(message => Read(message.AsSpan(HeaderSize)));
    }

    private static (string Interface, Ipv4Address Address) Read(ReadOnlySpan<byte> attributes) => (
        Encoding.ASCII.GetString(NetlinkAttributes.Find(attributes, Label).TrimEnd((byte)0)),
        new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(NetlinkAttributes.Find(attributes, Local))));
}
