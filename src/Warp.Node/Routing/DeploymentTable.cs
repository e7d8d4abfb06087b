using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>One deployment's part of a <see cref="RouteTable"/>; taken over by the next table while its routes stay the same.</summary>
internal sealed class DeploymentTable
{
    private readonly Dictionary<ServiceName, ServiceRoute> _services;

    internal DeploymentTable(DeploymentRoutes routes, RunnerId self, IReadOnlyDictionary<RunnerId, Peer> peers)
    {
        Routes = routes;
        _services = routes.Services.ToDictionary(s => s.Service);
        Callers =
        [
            .. from service in routes.Services
               from instance in service.Instances
               let address = instance.ContainerAddress
               where instance.Runner == self && address.HasValue
               select new CallerTable(address.Value, instance.Instance, routes, self, peers),
        ];
    }

    /// <summary>What it was made from.</summary>
    internal DeploymentRoutes Routes { get; }

    /// <summary>The containers of this runner.</summary>
    internal IReadOnlyList<CallerTable> Callers { get; }

    /// <summary>A service by its name; null when the deployment has none of that name.</summary>
    internal ServiceRoute? Find(ServiceName service) => _services.GetValueOrDefault(service);
}

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
