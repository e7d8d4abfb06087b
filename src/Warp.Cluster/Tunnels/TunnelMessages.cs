using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Tunnels;

/// <summary>To the tunnels' actor: these peers need a tunnel, and no others.</summary>
internal sealed record TunnelsFor(ImmutableArray<Peer> Peers) : INoSerializationVerificationNeeded;

/// <summary>From the tunnels' actor, on each change of state and each time that counters were read and differ.</summary>
/// <param name="Tunnels">All links, ordered by peer.</param>
internal sealed record TunnelsAre(ImmutableArray<TunnelView> Tunnels) : INoSerializationVerificationNeeded;

/// <summary>To a tunnel: the peer is needed, and is reached here.</summary>
internal sealed record PeerIs(Peer Peer) : INoSerializationVerificationNeeded;

/// <summary>To a tunnel: the peer is not needed any more. Let what is open finish, then end.</summary>
internal sealed record DrainTunnel : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static DrainTunnel Instance { get; } = new();
}
