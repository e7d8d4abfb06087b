using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>One deployment's part of a <see cref="RouteTable"/>; taken over by the next table while its routes stay the same.</summary>
internal sealed class DeploymentTable
{
    private readonly Dictionary<ServiceName, ServiceEntry> _services;

    internal DeploymentTable(DeploymentRoutes routes, RunnerId self, IReadOnlyDictionary<RunnerId, Peer> peers)
    {
        Routes = routes;
        _services = routes.Services.ToDictionary(s => s.Service, s => new ServiceEntry(s, self));
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
    internal ImmutableArray<CallerTable> Callers { get; }

    /// <summary>A service by its name; null when the deployment has none of that name.</summary>
    internal ServiceEntry? Find(ServiceName service) => _services.GetValueOrDefault(service);
}

/// <summary>One service, with what is asked of it at the exit worked out.</summary>
internal sealed class ServiceEntry
{
    private readonly ImmutableArray<InstanceRoute> _instances;

    internal ServiceEntry(ServiceRoute route, RunnerId self)
    {
        (_instances, IstAddress) = (route.Instances, route.IstAddress);
        var here = route.Instances.Where(i => i.Runner == self).ToArray();
        LocalContainer = Array.Find(here, i => i.ContainerAddress is not null)?.ContainerAddress;
        LocalRefusal = LocalContainer is not null ? RouteRefusal.None : here.Length > 0 ? RouteRefusal.NotRunning : RouteRefusal.NotPlaced;
    }

    /// <summary>Its address inside the deployment.</summary>
    internal Ipv4Address IstAddress { get; }

    /// <summary>A container of it that runs on this runner; null when none does.</summary>
    internal Ipv4Address? LocalContainer { get; }

    /// <summary>Why there is no such container; none when there is.</summary>
    internal RouteRefusal LocalRefusal { get; }

    /// <summary>A placement by its ordinal; null when there is none.</summary>
    internal InstanceRoute? Placement(int ordinal)
    {
        foreach (var instance in _instances)
        {
            if (instance.Instance.Ordinal == ordinal)
            {
                return instance;
            }
        }

        return null;
    }

    /// <summary>Whether a runner has a placement of it.</summary>
    internal bool IsOn(RunnerId runner)
    {
        foreach (var instance in _instances)
        {
            if (instance.Runner == runner)
            {
                return true;
            }
        }

        return false;
    }
}
