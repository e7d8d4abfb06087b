using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>Where one container of this runner gets to: each service of its deployment by IST address, made once.</summary>
internal sealed class CallerTable
{
    private readonly Dictionary<Ipv4Address, EntryRoute> _targets = [];

    internal CallerTable(Ipv4Address address, InstanceId caller, DeploymentRoutes routes, RunnerId self, IReadOnlyDictionary<RunnerId, Peer> peers)
    {
        Address = address;
        foreach (var service in routes.Services)
        {
            _targets[service.IstAddress] = Choose(caller, service, self, peers);
        }
    }

    /// <summary>The container's address.</summary>
    internal Ipv4Address Address { get; }

    /// <summary>The way to an IST address.</summary>
    internal EntryRoute Resolve(Ipv4Address destination) =>
        _targets.TryGetValue(destination, out var route) ? route : new EntryRoute(null, RouteRefusal.UnknownTarget);

    // What runs on this runner is the kernel's to connect; what comes to the relay for it found no rule, so it does not run.
    // Callers spread over the other runners by their number.
    private static EntryRoute Choose(InstanceId caller, ServiceRoute service, RunnerId self, IReadOnlyDictionary<RunnerId, Peer> peers)
    {
        var remote = service.Instances.Where(i => i.Runner != self && peers.ContainsKey(i.Runner)).ToArray();
        if (remote.Length > 0)
        {
            return new EntryRoute(new EntryTarget(caller, service.Service, peers[remote[caller.Ordinal % remote.Length].Runner]), RouteRefusal.None);
        }

        return new EntryRoute(null, service.Instances.Any(i => i.Runner == self) ? RouteRefusal.NotRunning : RouteRefusal.NotPlaced);
    }
}
