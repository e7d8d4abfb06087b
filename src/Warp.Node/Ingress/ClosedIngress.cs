using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Node.Ingress;

/// <summary>The ingress of a node that serves no public URLs: it knows them all the same, because the node may sign certificates for others.</summary>
/// <param name="table">The routes.</param>
/// <param name="wanted">Whether the node would serve them if a base domain were set.</param>
internal sealed class ClosedIngress(PublicRouteTable table, bool wanted) : IPublicRouteHolder
{
    /// <inheritdoc/>
    public ImmutableArray<string> Problems => wanted && table.Hosts.Any() ? [.. table.Problems, Unserved()] : [];

    /// <inheritdoc/>
    public void Publish(ImmutableArray<PublicRoutes> routes) => table.Publish(routes);

    private string Unserved() =>
        $"services have domains of their own ({string.Join(", ", table.Hosts.Order(StringComparer.Ordinal).Take(3))}), and this node serves no public URLs: set warp.ingress.base-domain on all nodes, or warp.ingress.https-port to 0 here";
}
