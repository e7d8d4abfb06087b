using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>The ingress of this node, as the runner's actors reach it.</summary>
public interface IPublicRouteHolder
{
    /// <summary>What an operator should look at now, for a person; empty when all is well. Cheap to ask.</summary>
    ImmutableArray<string> Problems { get; }

    /// <summary>Makes these the routes that new requests use: a swap in memory, never blocking.</summary>
    void Publish(ImmutableArray<PublicRoutes> routes);
}

/// <summary>A node without an ingress.</summary>
internal sealed class NoIngress : IPublicRouteHolder
{
    /// <summary>The one there is.</summary>
    public static NoIngress Instance { get; } = new();

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => [];

    /// <inheritdoc/>
    public void Publish(ImmutableArray<PublicRoutes> routes)
    {
        // Nothing serves them.
    }
}
