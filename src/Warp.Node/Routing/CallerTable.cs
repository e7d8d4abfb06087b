using Warp.Cluster.Identity;

namespace Warp.Node.Routing;

/// <summary>Where one container of this runner gets to: each service of its deployment by IST address, made once.</summary>
internal sealed class CallerTable
{
    private readonly Dictionary<Ipv4Address, EntryRoute> _targets = [];

    internal CallerTable(Ipv4Address address, InstanceId caller, Ipv4Address callerAddress, IEnumerable<ServiceEntry> services)
    {
        (Address, Caller) = (address, caller);
        foreach (var service in services)
        {
            _targets[service.Route.IstAddress] = Choose(caller, callerAddress, service);
        }
    }

    /// <summary>The container's address.</summary>
    internal Ipv4Address Address { get; }

    /// <summary>Which container.</summary>
    internal InstanceId Caller { get; }

    /// <summary>The way to an IST address.</summary>
    internal EntryRoute Resolve(Ipv4Address destination) =>
        _targets.TryGetValue(destination, out var route) ? route : new EntryRoute(null, RouteRefusal.UnknownTarget);

    private static EntryRoute Choose(InstanceId caller, Ipv4Address callerAddress, ServiceEntry service)
    {
        var target = service.Route.Service;
        if (service.EntryHere.IsEmpty && service.EntryElsewhere.IsEmpty)
        {
            return new EntryRoute(null, service.ExitRefusal) { MayChange = service.WaitsForPeer, HoldSeconds = service.Route.ConnectHoldSeconds, Caller = caller, Target = target };
        }

        var way = new EntryWay(
            caller,
            callerAddress,
            target,
            service.EntryHere,
            [.. service.EntryElsewhere.Select(p => new EntryTarget(caller, target, p, service.CountOf(p.Runner)))],
            service.ServesOnSeveral);
        return new EntryRoute(way, RouteRefusal.None) { HoldSeconds = service.Route.ConnectHoldSeconds, Caller = caller, Target = target };
    }
}
