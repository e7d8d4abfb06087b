using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Native;

namespace Warp.Node.Interception.Netlink;

/// <summary>The IPv4 routes of a network namespace (rtnetlink(7)).</summary>
internal sealed class KernelRoutes(NetlinkSocket route)
{
    private const int NewRoute = 24;
    private const int DeleteRoute = 25;
    private const int GetRoute = 26;
    private const int HeaderSize = 12;
    private const int Destination = 1;
    private const int OutputInterface = 4;
    private const int Table = 15;
    private const byte InterNetwork = 2;
    private const byte LocalTable = 255;
    private const byte HostScope = 254;
    private const byte StaticProtocol = 4;
    private const int MatchedEntry = 0x2000;

    // Every network namespace's loopback interface has the index 1 (LOOPBACK_IFINDEX in the kernel).
    private const uint Loopback = 1;

    /// <summary>Whether the range's addresses are the host's own, by one route for all of it.</summary>
    public bool IsLocal(Ipv4Range range)
    {
        var header = Header(prefixLength: 32, table: 0, scope: 0, RouteKind.Unspecified);
        MemoryMarshal.Write(header.AsSpan(8), MatchedEntry);
        var answer = route.Ask(new NetlinkRequest(GetRoute, NetlinkFlags.None, header).WithBigEndian(Destination, range.Last.Bits));
        return answer.Messages is [var message] && Read(message, []) is { Kind: RouteKind.Local } entry && entry.Range == range;
    }

    /// <summary>Makes every address of the range one of the host's own, as <c>ip route replace local RANGE dev lo</c> does.</summary>
    public void MakeLocal(Ipv4Range range)
    {
        var answer = route.Ask(Local(NewRoute, NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Replace, range));
        if (answer.Errno != 0)
        {
            throw new InterceptionException($"the route 'local {range} dev lo' cannot be made: {Errno.Explain(answer.Errno)}");
        }
    }

    /// <summary>Takes it back; success when it is not there.</summary>
    public void RemoveLocal(Ipv4Range range)
    {
        var answer = route.Ask(Local(DeleteRoute, NetlinkFlags.Acknowledge, range));
        if (answer.Errno is not 0 and not Errno.NoSuchProcess)
        {
            throw new InterceptionException($"the route 'local {range} dev lo' cannot be removed: {Errno.Explain(answer.Errno)}");
        }
    }

    /// <summary>All routes of all tables.</summary>
    public IReadOnlyList<KernelRoute> List()
    {
        var names = new Dictionary<uint, string?>();
        var answer = route.Ask(new NetlinkRequest(GetRoute, NetlinkFlags.Dump, Header(0, 0, 0, RouteKind.Unspecified)));
        return [.. answer.Messages.Select(message => Read(message, names))];
    }

    /// <summary>An interface has several routes, and each look-up of its name is a call into the kernel.</summary>
    private static string? NameOf(uint index, Dictionary<uint, string?> names)
    {
        if (!names.TryGetValue(index, out var name))
        {
            name = Libc.InterfaceName(index);
            names.Add(index, name);
        }

        return name;
    }

    private static NetlinkRequest Local(int type, int flags, Ipv4Range range) =>
        new NetlinkRequest(type, flags, Header(range.PrefixLength, LocalTable, HostScope, RouteKind.Local))
            .WithBigEndian(Destination, range.Network.Bits)
            .WithNative(OutputInterface, Loopback)
            .WithNative(Table, LocalTable);

    private static byte[] Header(int prefixLength, byte table, byte scope, RouteKind kind) =>
        [InterNetwork, (byte)prefixLength, 0, 0, table, StaticProtocol, scope, (byte)kind, 0, 0, 0, 0];

    private static KernelRoute Read(ReadOnlySpan<byte> message, Dictionary<uint, string?> names)
    {
        var attributes = message[HeaderSize..];
        var destination = NetlinkAttributes.Find(attributes, Destination);
        var output = NetlinkAttributes.Find(attributes, OutputInterface);
        var network = destination.IsEmpty ? default : new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(destination));
        return new KernelRoute((RouteKind)message[7], new Ipv4Range(network, message[1]), output.IsEmpty ? null : NameOf(MemoryMarshal.Read<uint>(output), names));
    }
}

/// <summary>One route.</summary>
/// <param name="Kind">What happens to its packets.</param>
/// <param name="Range">The destinations.</param>
/// <param name="Interface">Where they go; null when it names none, several, or one that is gone.</param>
internal sealed record KernelRoute(RouteKind Kind, Ipv4Range Range, string? Interface)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Kind == RouteKind.Local ? "local " : "")}{Range}{(Interface is null ? "" : $" dev {Interface}")}";
}

/// <summary>Kinds of routes: <c>RTN_*</c> of linux/rtnetlink.h; others keep their number.</summary>
internal enum RouteKind
{
    /// <summary>None asked for.</summary>
    Unspecified = 0,

    /// <summary>To another host, or to a network.</summary>
    Unicast = 1,

    /// <summary>The host's own addresses.</summary>
    Local = 2,
}
