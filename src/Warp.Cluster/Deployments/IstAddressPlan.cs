using Warp.Cluster.Identity;

namespace Warp.Cluster.Deployments;

/// <summary>
/// Which address a new service of a deployment gets. Addresses that were never used come first, lowest first, because containers may still hold the address of a removed service in their
/// environment; a removed service's address is used again only when the range has no other, or when that service comes back.
/// </summary>
internal static class IstAddressPlan
{
    /// <summary>Chooses one; the range's network and broadcast address are never given.</summary>
    /// <param name="range">The range.</param>
    /// <param name="service">Who needs it.</param>
    /// <param name="inUse">Addresses of the services that are wished.</param>
    /// <param name="retired">Services that are no longer wished.</param>
    /// <returns>Null when every address is in use.</returns>
    public static Ipv4Address? Choose(Ipv4Range range, ServiceName service, IReadOnlySet<Ipv4Address> inUse, IReadOnlyCollection<RetiredService> retired)
    {
        var former = retired.FirstOrDefault(known => known.Service == service);
        if (former is not null && Usable(range, former.IstAddress) && !inUse.Contains(former.IstAddress))
        {
            return former.IstAddress;
        }

        var everUsed = retired.Select(known => known.IstAddress).Concat(inUse).ToHashSet();
        return Lowest(range, everUsed) ?? Lowest(range, inUse);
    }

    private static bool Usable(Ipv4Range range, Ipv4Address address) => address > range.Network && address < range.Last;

    private static Ipv4Address? Lowest(Ipv4Range range, IReadOnlySet<Ipv4Address> taken)
    {
        for (var address = new Ipv4Address(range.Network.Bits + 1); Usable(range, address); address = new Ipv4Address(address.Bits + 1))
        {
            if (!taken.Contains(address))
            {
                return address;
            }
        }

        return null;
    }
}
