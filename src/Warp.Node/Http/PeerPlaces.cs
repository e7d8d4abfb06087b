using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Diagnosis;

namespace Warp.Node.Http;

/// <summary>Where this node should reach the others, put together from the directory and the cluster's members.</summary>
internal static class PeerPlaces
{
    /// <summary>All but this one.</summary>
    public static ImmutableArray<PeerPlace> Of(RunnerList list, RunnerId self, ActorSystem? system)
    {
        var links = list.Runners.FirstOrDefault(view => view.Status.Runner == self)?.Status.Tunnels ?? [];
        return
        [
            .. from view in list.Runners
               let status = view.Status
               where status.Runner != self
               select new PeerPlace(status.Runner, Member(system, status.Management.Host), status.Tunnel, status.Management, links.FirstOrDefault(link => link.Peer == status.Runner)),
        ];
    }

    // A member does not say which runner it is: it is the one at the same host.
    private static NodeEndpoint? Member(ActorSystem? system, string host) =>
        system is not null && Akka.Cluster.Cluster.Get(system).State.Members.FirstOrDefault(member => string.Equals(member.Address.Host, host, StringComparison.Ordinal)) is { } found
            ? new NodeEndpoint(host, found.Address.Port ?? 0)
            : null;
}
