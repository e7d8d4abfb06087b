using Warp.Cluster.Protocol;

namespace Warp.Node.Relay.Trunks;

/// <summary>What a link needs from its engine.</summary>
internal interface ITrunkSource
{
    /// <summary>Dials one trunk and completes when it can carry streams.</summary>
    /// <returns>Cause and next step, for a person; null when the trunk is open.</returns>
    Task<string?> DialAsync(TunnelLink link, NodeEndpoint endpoint);

    /// <summary>A trunk of the link can carry streams: what waits for one goes on.</summary>
    void TrunkOpened(TunnelLink link, Trunk trunk);

    /// <summary>A trunk is gone, opened or not.</summary>
    void TrunkClosed(Trunk trunk, string reason);

    /// <summary>The link is closed for good.</summary>
    void Forget(TunnelLink link);
}
