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
    private const int OriginalTuple = 1;
    private const int ReplyTuple = 2;
    private const int ProtocolInfo = 4;
    private const int TupleAddresses = 1;
    private const int TuplePorts = 2;
    private const int SourceAddress = 1;
    private const int DestinationPort = 3;
    private const int TcpInfo = 1;
    private const int TcpState = 1;

    // linux/netfilter/nf_conntrack_tcp.h: SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT. In the last two one side may still send.
    private const byte FirstOpen = 1;
    private const byte LastOpen = 5;

    /// <summary>Adds one for each open TCP connection that one of the addresses answers.</summary>
    /// <exception cref="InterceptionException">The kernel does not tell.</exception>
    public void Count(IDictionary<Ipv4Address, int> byAnswering)
    {
        foreach (var message in Entries())
        {
            var entry = message.AsSpan(HeaderSize);
            if (IsOpen(entry) && Source(entry, ReplyTuple) is { } address && byAnswering.TryGetValue(address, out var count))
            {
                byAnswering[address] = count + 1;
            }
        }
    }

    /// <summary>The open TCP connections by who began them, who answers them, and the port that was dialled.</summary>
    /// <exception cref="InterceptionException">The kernel does not tell.</exception>
    public Dictionary<TrackedWay, int> ByWay()
    {
        var ways = new Dictionary<TrackedWay, int>();
        foreach (var message in Entries())
        {
            var entry = message.AsSpan(HeaderSize);
            if (IsOpen(entry) && Source(entry, OriginalTuple) is { } caller && Source(entry, ReplyTuple) is { } answering && PortOf(entry) is { } port)
            {
                var way = new TrackedWay(caller, answering, port);
                ways[way] = ways.GetValueOrDefault(way) + 1;
            }
        }

        return ways;
    }

    private IEnumerable<byte[]> Entries()
    {
        byte[] header = [InterNetwork, 0, 0, 0];
        var answer = netfilter.Ask(new NetlinkRequest(ConntrackGet, NetlinkFlags.Dump, header));
        return answer.Errno == 0 ? answer.Messages : throw new InterceptionException($"the kernel's connections cannot be listed: {Errno.Explain(answer.Errno)}");
    }

    /// <summary>Whether it is an open TCP connection; only TCP's entries have TCP's state.</summary>
    private static bool IsOpen(ReadOnlySpan<byte> entry) =>
        NetlinkAttributes.Find(NetlinkAttributes.Find(NetlinkAttributes.Find(entry, ProtocolInfo), TcpInfo), TcpState) is [>= FirstOpen and <= LastOpen];

    private static Ipv4Address? Source(ReadOnlySpan<byte> entry, int tuple)
    {
        var source = NetlinkAttributes.Find(NetlinkAttributes.Find(NetlinkAttributes.Find(entry, tuple), TupleAddresses), SourceAddress);
        return source.Length == sizeof(uint) ? new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(source)) : null;
    }

    private static int? PortOf(ReadOnlySpan<byte> entry)
    {
        var port = NetlinkAttributes.Find(NetlinkAttributes.Find(NetlinkAttributes.Find(entry, OriginalTuple), TuplePorts), DestinationPort);
        return port.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16BigEndian(port) : null;
    }
}

/// <summary>From whom to whom the kernel carries connections.</summary>
/// <param name="Caller">Who began them.</param>
/// <param name="Answering">Who answers: a container, or the host when the node's own listener took them.</param>
/// <param name="Port">The port that was dialled.</param>
internal readonly record struct TrackedWay(Ipv4Address Caller, Ipv4Address Answering, int Port);
