using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Numerics;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>The ranges that the host uses already: its routes and its own addresses' networks.</summary>
internal static class HostRanges
{
    /// <summary>Below this a route is a stand-in for the default route (a VPN's 0.0.0.0/1 and 128.0.0.0/1), not a network to stay clear of.</summary>
    private const int ShortestPrefix = 8;

    /// <summary>Reads them anew; IPv4 only.</summary>
    public static ImmutableArray<Ipv4Range> Read() => [.. ParseRoutes(File.ReadLines("/proc/net/route")), .. InterfaceRanges()];

    /// <summary>Reads the kernel's table: destination and mask are hexadecimal in network byte order as a little-endian host prints it (proc(5), /proc/net/route).</summary>
    public static IEnumerable<Ipv4Range> ParseRoutes(IEnumerable<string> lines)
    {
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split('\t', StringSplitOptions.TrimEntries);
            if (fields.Length > 7 && TryReadAddress(fields[1], out var network) && TryReadAddress(fields[7], out var mask) && BitOperations.PopCount(mask) >= ShortestPrefix)
            {
                yield return new Ipv4Range(new(network & mask), BitOperations.PopCount(mask));
            }
        }
    }

    private static bool TryReadAddress(string hex, out uint bits)
    {
        var ok = uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var raw);
        bits = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(raw) : raw;
        return ok;
    }

    private static IEnumerable<Ipv4Range> InterfaceRanges() =>
        from card in NetworkInterface.GetAllNetworkInterfaces()
        from address in card.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily == AddressFamily.InterNetwork && address.PrefixLength >= ShortestPrefix
        let bits = Ipv4Address.From(address.Address).Bits
        select new Ipv4Range(new((uint)(bits & (ulong.MaxValue << (32 - address.PrefixLength)))), address.PrefixLength);
}
