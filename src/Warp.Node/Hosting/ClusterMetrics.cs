using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Warp.Cluster.Hosting;
using Warp.Node.Http;
using Warp.Node.Metrics;

namespace Warp.Node.Hosting;

/// <summary>What is told of the cluster as this node sees it; nothing while it is in none.</summary>
internal static class ClusterMetrics
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<ImmutableArray<MetricFamily>> ReadAsync(IClusterAccess access, CancellationToken cancellationToken)
    {
        if (access.Current is not { } current || Akka.Cluster.Cluster.Get(current.System) is not { IsTerminated: false } cluster)
        {
            return [];
        }

        var state = cluster.State;
        var members = Enum.GetValues<MemberStatus>().Where(status => status != MemberStatus.Removed)
            .Select(status => new MetricPoint(state.Members.Count(member => member.Status == status), $"{status}".ToLowerInvariant()));
        return
        [
            MetricCatalog.Members.Of(members),
            MetricCatalog.Unreachable.Of(state.Unreachable.Count),
            .. cluster.SelfRoles.Contains(ClusterRoles.Control) ? await ShardsAsync(current.Deployments, cancellationToken) : [],
        ];
    }

    private static async Task<ImmutableArray<MetricFamily>> ShardsAsync(ICanTell region, CancellationToken cancellationToken)
    {
        try
        {
            var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience, cancellationToken);
            return [MetricCatalog.Shards.Of(state.Shards.Count), MetricCatalog.Deployments.Of(state.Shards.Sum(shard => shard.EntityIds.Count))];
        }
        catch (Exception late) when (late is AskTimeoutException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }
}
