using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Node.Ingress.Backends;
using Warp.Node.Relay.Dialing;

namespace Warp.Node.Ingress;

/// <summary>The routes in force: one writer swaps a snapshot, requests read it and never lock.</summary>
internal sealed class PublicRouteTable(PublicUrls urls, IServiceDialer dialer)
{
    private readonly Lock _writing = new();
    private volatile Action _changed = () => { };
    private volatile RouteSnapshot _current = RouteSnapshot.Empty;

    /// <summary>What is wrong with the routes in force, for a person.</summary>
    public ImmutableArray<string> Problems { get; private set; } = [];

    /// <summary>Every host that leads somewhere, in lower case.</summary>
    public IEnumerable<string> Hosts => _current.Hosts;

    /// <summary>Makes these the routes in force.</summary>
    public void Publish(ImmutableArray<PublicRoutes> routes)
    {
        lock (_writing)
        {
            var table = HostTable.Build(routes, urls);
            var next = _current.Next(table, dialer, out var replaced);
            (_current, Problems) = (next, table.Problems);
            foreach (var pool in replaced)
            {
                pool.Dispose();
            }
        }

        _changed();
    }

    /// <summary>Registers the one who is told after each swap.</summary>
    public void OnChanged(Action changed) => _changed = changed;

    /// <summary>The pool that a request's host leads to; null when it leads nowhere.</summary>
    /// <param name="host">From the request, without a port.</param>
    public BackendPool? Find(string host) => _current.Find(host.TrimEnd('.').ToLowerInvariant());
}
