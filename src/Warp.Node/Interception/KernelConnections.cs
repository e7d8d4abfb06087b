using System.Collections.Immutable;
using Warp.Node.Interception.Netlink;

namespace Warp.Node.Interception;

/// <summary>The connections that the kernel carries between containers of this runner, as its connection tracking knows them.</summary>
internal static class KernelConnections
{
    /// <summary>Reads them; not on a thread that may not wait.</summary>
    /// <exception cref="InterceptionException">The kernel does not tell.</exception>
    public static ImmutableDictionary<TrackedWay, int> Read()
    {
        using var netfilter = NetlinkSocket.OpenNetfilter();
        return new TrackedConnections(netfilter).ByWay().ToImmutableDictionary();
    }
}
