using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Netlink;
using Warp.Node.Interception.Rules;

namespace Warp.Node.Interception;

/// <summary>Whether the host's network leaves room for ours; asked once, when the node starts, in the network namespace of the calling thread.</summary>
public static class HostNetwork
{
    // Shorter prefixes are ways to the internet (0.0.0.0/0, or 0.0.0.0/1 and 128.0.0.0/1 of a VPN): a private range inside them hides nobody.
    private const int ShortestSpecificPrefix = 8;

    /// <summary>What stands in the way, each naming the route and the setting; empty when nothing does.</summary>
    public static ImmutableArray<string> Check(InterceptionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            using var socket = NetlinkSocket.OpenRoute();
            return [.. options.Validate(), .. Clashes(options, new KernelRoutes(socket).List())];
        }
        catch (InterceptionException exception)
        {
            return [exception.Message];
        }
    }

    /// <summary>The bridges of ours that are on the host: their interface has our name and an address of the pool.</summary>
    internal static IEnumerable<string> Bridges(InterceptionOptions options, NetlinkSocket route) =>
        new KernelAddresses(route).List()
            .Where(address => IsOurs(options, address.Interface) && options.BridgePool.Contains(address.Address) && InterfaceName.IsPlain(address.Interface))
            .Select(address => address.Interface);

    /// <summary>The routes that share addresses with our ranges and are not our own.</summary>
    internal static IEnumerable<string> Clashes(InterceptionOptions options, IReadOnlyList<KernelRoute> routes)
    {
        var foreign = routes
            .Where(route => route.Kind is RouteKind.Unicast or RouteKind.Local && route.Range.PrefixLength >= ShortestSpecificPrefix)
            .Where(route => !IsOurs(options, route.Interface))
            .ToList();
        var ist = foreign.Find(route => route.Range.Overlaps(options.IstRange) && route != new KernelRoute(RouteKind.Local, options.IstRange, "lo"));
        if (ist is not null)
        {
            yield return Clash("warp.network.ist-range", options.IstRange, "overlaps", ist, "on every node of the cluster");
        }

        // What is taken of the pool is left out when a bridge's subnet is chosen; only a route that covers all of it leaves nothing.
        var pool = foreign.Find(route => route.Range.PrefixLength <= options.BridgePool.PrefixLength && route.Range.Contains(options.BridgePool.Network));
        if (pool is not null)
        {
            yield return Clash("warp.network.bridge-pool", options.BridgePool, "lies within", pool, "on this node");
        }
    }

    private static bool IsOurs(InterceptionOptions options, string? interfaceName) =>
        interfaceName?.StartsWith(options.BridgeNamePrefix, StringComparison.Ordinal) == true;

    private static string Clash(string setting, Ipv4Range range, string how, KernelRoute route, string where) =>
        $"{setting} ({range}) {how} the route '{route}' of this host: choose a private range that is routed nowhere and set {setting} {where}";
}
