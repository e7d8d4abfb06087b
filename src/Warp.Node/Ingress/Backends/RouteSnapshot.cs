using System.Collections.Frozen;
using System.Collections.Immutable;
using Warp.Node.Relay.Dialing;

namespace Warp.Node.Ingress.Backends;

/// <summary>What requests are routed by at one moment: a pool for each host; immutable. Made from the table and the snapshot before, whose pools it takes over where nothing changed.</summary>
internal sealed class RouteSnapshot
{
    private readonly FrozenDictionary<string, BackendPool> _byHost;
    private readonly ImmutableArray<BackendPool> _pools;

    private RouteSnapshot(FrozenDictionary<string, BackendPool> byHost, ImmutableArray<BackendPool> pools) => (_byHost, _pools) = (byHost, pools);

    /// <summary>Leads nowhere.</summary>
    public static RouteSnapshot Empty { get; } = new(FrozenDictionary<string, BackendPool>.Empty, []);

    /// <summary>Every host that leads somewhere.</summary>
    public IEnumerable<string> Hosts => _byHost.Keys;

    /// <summary>The next snapshot.</summary>
    /// <param name="table">What it is to lead to.</param>
    /// <param name="dialer">How new pools connect.</param>
    /// <param name="replaced">Pools of this snapshot that the next one does not have: to be retired once it is in force.</param>
    public RouteSnapshot Next(HostTable table, IServiceDialer dialer, out ImmutableArray<BackendPool> replaced)
    {
        var known = _pools.ToDictionary(pool => (pool.Endpoint.Deployment, pool.Endpoint.Service.Service));
        var pools = table.Hosts.Values
            .DistinctBy(endpoint => (endpoint.Deployment, endpoint.Service.Service))
            .ToDictionary(
                endpoint => (endpoint.Deployment, endpoint.Service.Service),
                endpoint => known.TryGetValue((endpoint.Deployment, endpoint.Service.Service), out var pool) && pool.Endpoint.ServesLike(endpoint) ? pool : new BackendPool(endpoint, dialer));
        replaced = [.. _pools.Except(pools.Values)];
        return new RouteSnapshot(
            table.Hosts.ToFrozenDictionary(host => host.Key, host => pools[(host.Value.Deployment, host.Value.Service.Service)], StringComparer.Ordinal),
            [.. pools.Values]);
    }

    /// <summary>The pool of a host name in lower case; null when the host leads nowhere.</summary>
    public BackendPool? Find(string host) => _byHost.GetValueOrDefault(host);
}
