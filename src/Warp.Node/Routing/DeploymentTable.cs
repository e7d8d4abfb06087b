using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>One deployment's part of a <see cref="RouteTable"/>; taken over by the next table while its routes stay the same.</summary>
internal sealed class DeploymentTable
{
    private readonly Dictionary<ServiceName, ServiceEntry> _services;
    private DeploymentNames? _names;

    /// <param name="routes">What it is made from.</param>
    /// <param name="self">This runner.</param>
    /// <param name="peers">The runners whose endpoints are known.</param>
    /// <param name="previous">The deployment's part before, whose counts are taken over; null for none.</param>
    internal DeploymentTable(DeploymentRoutes routes, RunnerId self, IReadOnlyDictionary<RunnerId, Peer> peers, DeploymentTable? previous)
    {
        Routes = routes;
        _services = routes.Services.ToDictionary(s => s.Service, s => new ServiceEntry(s, self, peers, previous?.Find(s.Service)));
        Callers =
        [
            .. from service in routes.Services
               from instance in service.Instances
               let address = instance.ContainerAddress
               where instance.Runner == self && address.HasValue
               select new CallerTable(address.Value, instance.Instance, service.IstAddress, _services.Values),
        ];
    }

    /// <summary>What it was made from.</summary>
    internal DeploymentRoutes Routes { get; }

    /// <summary>The containers of this runner, in every role.</summary>
    internal ImmutableArray<CallerTable> Callers { get; }

    /// <summary>The host names of its services; made when somebody asks first, since most tables are replaced before that.</summary>
    internal DeploymentNames Names => Volatile.Read(ref _names) ?? Interlocked.CompareExchange(ref _names, new DeploymentNames(Routes), null) ?? _names!;

    /// <summary>A service by its name; null when the deployment has none of that name.</summary>
    internal ServiceEntry? Find(ServiceName service) => _services.GetValueOrDefault(service);
}
