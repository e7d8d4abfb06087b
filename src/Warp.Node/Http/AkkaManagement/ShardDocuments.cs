using System.Collections.Immutable;
using Akka.Cluster.Sharding;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>The sharded entity types.</summary>
internal sealed record ShardTypesDocument(ImmutableArray<string> EntityTypeKeys);

/// <summary>One shard.</summary>
internal sealed record ShardDocument(string ShardId, int NumEntities);

/// <summary>The shards of this node's region; <paramref name="Failed"/> names those that did not answer.</summary>
internal sealed record ShardRegionDocument(ImmutableArray<ShardDocument> Regions, ImmutableArray<string> Failed)
{
    public static ShardRegionDocument From(CurrentShardRegionState state) => new(
        [.. state.Shards.Select(shard => new ShardDocument(shard.ShardId, shard.EntityIds.Count)).OrderBy(shard => shard.ShardId, StringComparer.Ordinal)],
        [.. state.Failed.Order(StringComparer.Ordinal)]);
}

/// <summary>The shards of all nodes, by the address of each region.</summary>
internal sealed record ShardingStatsDocument(ImmutableSortedDictionary<string, RegionStatsDocument> Regions, int TotalEntities, int TotalShards)
{
    public static ShardingStatsDocument From(ClusterShardingStats stats) => new(
        stats.Regions.ToImmutableSortedDictionary(region => region.Key.ToString(), region => RegionStatsDocument.From(region.Value), StringComparer.Ordinal),
        stats.Regions.Values.Sum(region => region.Stats.Values.Sum()),
        stats.Regions.Values.Sum(region => region.Stats.Count));
}

/// <summary>The shards of one region.</summary>
internal sealed record RegionStatsDocument(ImmutableArray<ShardDocument> Shards, ImmutableArray<string> Failed)
{
    public static RegionStatsDocument From(ShardRegionStats stats) => new(
        [.. stats.Stats.Select(shard => new ShardDocument(shard.Key, shard.Value)).OrderBy(shard => shard.ShardId, StringComparer.Ordinal)],
        [.. stats.Failed.Order(StringComparer.Ordinal)]);
}
