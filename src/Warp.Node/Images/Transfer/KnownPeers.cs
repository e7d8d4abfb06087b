using Warp.Cluster.Endpoints;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Node.Images.Transfer;

/// <summary>The other runners, as the route snapshots on their way to the relay name them: known also while no control node can be reached.</summary>
/// <param name="next">Where the snapshots go.</param>
internal sealed class KnownPeers(IRouteHolder next) : IRouteHolder
{
    private volatile IReadOnlyList<Peer> _others = [];

    /// <summary>All but this runner.</summary>
    public IReadOnlyList<Peer> Others => _others;

    /// <inheritdoc/>
    public void Publish(RunnerRoutes routes)
    {
        _others = [.. routes.Peers.Where(peer => peer.Runner != routes.Self)];
        next.Publish(routes);
    }
}
