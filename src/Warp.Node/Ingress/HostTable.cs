using System.Collections.Frozen;
using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Ingress;

/// <summary>Which service each public host name leads to; immutable.</summary>
internal sealed class HostTable
{
    private HostTable(FrozenDictionary<string, PublicEndpoint> hosts, ImmutableArray<string> problems) => (Hosts, Problems) = (hosts, problems);

    /// <summary>No host at all.</summary>
    public static HostTable Empty { get; } = new(FrozenDictionary<string, PublicEndpoint>.Empty, []);

    /// <summary>By host name in lower case.</summary>
    public FrozenDictionary<string, PublicEndpoint> Hosts { get; }

    /// <summary>Hosts that two services claim and base domains that nobody set, for a person.</summary>
    public ImmutableArray<string> Problems { get; }

    /// <summary>
    /// Makes the table. When two services claim a host, that of the deployment that was accepted first keeps it; without that knowledge, or at the same moment, the deployment whose
    /// name comes first. So every node that heard of the same deployments decides alike.
    /// </summary>
    public static HostTable Build(IEnumerable<PublicRoutes> routes, PublicUrls urls)
    {
        var hosts = new Dictionary<string, PublicEndpoint>(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var endpoint in InOrder(routes))
        {
            var service = endpoint.Service;
            if (service.BaseUrl is { } id && urls.Domains.Of(id) is null)
            {
                problems.Add($"the service {endpoint} asks for the base URL '{id}', which this node does not have: add it to warp.ingress.base-urls on all nodes, or change deployment.baseUrl.id");
            }

            foreach (var host in urls.HostsOf(endpoint.Deployment, service.Service, service.BaseUrl, service.Domains))
            {
                if (!hosts.TryAdd(host, endpoint))
                {
                    problems.Add($"the public host {host} belongs to the service {hosts[host]}; the service {endpoint} claims it too and is not reached by it: rename one of them or change its domains");
                }
            }
        }

        return new HostTable(hosts.ToFrozenDictionary(StringComparer.Ordinal), problems.ToImmutable());
    }

    private static IEnumerable<PublicEndpoint> InOrder(IEnumerable<PublicRoutes> routes) =>
        from deployment in routes.OrderBy(one => one.FirstAccepted ?? DateTimeOffset.MaxValue).ThenBy(one => one.Deployment.Value, StringComparer.Ordinal)
        from service in deployment.Services
        select new PublicEndpoint(deployment.Deployment, service);
}
