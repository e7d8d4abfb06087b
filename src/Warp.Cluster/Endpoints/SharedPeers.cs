using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Endpoints;

/// <summary>Which peers a runner needs a tunnel to: those that have a placement in a deployment that also has one here. Pure.</summary>
internal static class SharedPeers
{
    /// <summary>The peers, as far as their endpoints are known.</summary>
    public static ImmutableArray<Peer> Of(RunnerRoutes routes)
    {
        var runners = routes.Deployments.SelectMany(d => d.Services).SelectMany(s => s.Instances).Select(i => i.Runner).ToHashSet();
        return [.. routes.Peers.Where(p => p.Runner != routes.Self && runners.Contains(p.Runner))];
    }
}
