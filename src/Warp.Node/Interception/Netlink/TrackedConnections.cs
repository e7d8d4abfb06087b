using System.Buffers.Binary;
using Warp.Cluster.Identity;

namespace Warp.Node.Interception.Netlink;

/// <summary>
/// The kernel's connection tracking (linux/netfilter/nfnetlink_conntrack.h). Whatever way a connection took to a container, translated by our rules, dialled by the relay
/// or by a program of the host: the packets that answer it come from the container's address.
/// </summary>
internal sealed class TrackedConnections(NetlinkSocket netfilter)
{
    private const int ConntrackGet = (1 << 8) | 1;
    private const int HeaderSize = 4;
    private const byte InterNetwork = 2;
    private const int ReplyTuple = 2;
    private const int ProtocolInfo = 4;
    private const int TupleAddresses = 1;
    private const int SourceAddress = 1;
    private const int TcpInfo = 1;
    private const int TcpState = 1;

    // linux/netfilter/nf_conntrack_tcp.h: SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT. In the last two one side may still send.
    private const byte FirstOpen = 1;
    private const byte LastOpen = 5;

    /// <summary>Adds one for each open TCP connection that one of the addresses answers.</summary>
    /// <exception cref="InterceptionException">The kernel does not tell.</exception>
    public void Count(IDictionary<Ipv4Address, int> byAnswering)
    {
        byte[] header = [InterNetwork, 0, 0, 0];
        var answer = netfilter.Ask(new NetlinkRequest(ConntrackGet, NetlinkFlags.Dump, header));
        if (answer.Errno != 0)
        {
            throw new InterceptionException($"the kernel's connections cannot be listed: {Errno.Explain(answer.Errno)}");
        }

        foreach (var message in answer.Messages)
        {
            if (Read(message.AsSpan(HeaderSize)) is { } address && byAnswering.TryGetValue(address, out var count))
            {
                byAnswering[address] = count + 1;
            }
        }
    }

    /// <summary>Who answers, when it is an open TCP connection; only TCP's entries have TCP's state.</summary>
    private static Ipv4Address? Read(ReadOnlySpan<byte> entry)
    {
        var source = NetlinkAttributes.Find(NetlinkAttributes.Find(NetlinkAttributes.Find(entry, ReplyTuple), TupleAddresses), SourceAddress);
        var state = NetlinkAttributes.Find(NetlinkAttributes.Find(NetlinkAttributes.Find(entry, ProtocolInfo), TcpInfo), TcpState);
        return source.Length == sizeof(uint) && state is [>= FirstOpen and <= LastOpen] ? new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(source)) : null;
    }
}
