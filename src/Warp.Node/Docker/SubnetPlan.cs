using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>Where a new bridge network may lie.</summary>
internal static class SubnetPlan
{
    /// <summary>The lowest range of the pool that shares no address with what is taken; null when the pool is full.</summary>
    /// <param name="pool">To be cut up.</param>
    /// <param name="prefixLength">The size wanted; at least the pool's.</param>
    /// <param name="taken">In any order, may overlap each other and reach outside the pool.</param>
    public static Ipv4Range? LowestFree(Ipv4Range pool, int prefixLength, IEnumerable<Ipv4Range> taken)
    {
        var size = 1L << (32 - prefixLength);
        long candidate = pool.Network.Bits;
        foreach (var range in taken.OrderBy(range => range.Network.Bits))
        {
            if (range.Network.Bits >= candidate + size)
            {
                break;
            }

            if (range.Last.Bits >= candidate)
            {
                candidate = (range.Last.Bits / size + 1) * size;
            }
        }

        return candidate + size - 1 <= pool.Last.Bits ? new Ipv4Range(new((uint)candidate), prefixLength) : null;
    }

    /// <summary>The address that the host takes on the bridge: the range's first usable one.</summary>
    public static Ipv4Address GatewayOf(Ipv4Range subnet) => new(subnet.Network.Bits + 1);
}
