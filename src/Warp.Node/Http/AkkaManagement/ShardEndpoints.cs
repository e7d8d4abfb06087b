using Akka.Actor;
using Akka.Cluster.Sharding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>Akka Management's routes of the shards; only control nodes have regions.</summary>
internal static class ShardEndpoints
{
    private static readonly TimeSpan RegionPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClusterPatience = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access)
    {
        routes.MapGet("/cluster/shards", () => AkkaAnswers.With(access, static cluster => AkkaAnswers.Json(
                new ShardTypesDocument([.. ClusterSharding.Get(cluster.System).ShardTypeNames.Order(StringComparer.Ordinal)]), ManagementJson.Default.ShardTypesDocument)))
            .Requires(AccessLevel.Read)
            .Describe("listShardTypes", "Cluster", "The entity types that are sharded on this node, in the form of Akka Management.")
            .Produces<ShardTypesDocument>()
            .Produces<MessageDocument>(StatusCodes.Status500InternalServerError);
        routes.MapGet("/cluster/shards/{type}", (string type, CancellationToken cancellationToken) => AkkaAnswers.WithAsync(access, cluster => RegionAsync(cluster, type, cancellationToken)))
            .Requires(AccessLevel.Read)
            .Describe("getShardRegion", "Cluster", "The shards of one entity type on this node, in the form of Akka Management.")
            .Produces<ShardRegionDocument>()
            .MayMiss();
        routes.MapGet("/cluster/shards/{type}/stats", (string type, CancellationToken cancellationToken) => AkkaAnswers.WithAsync(access, cluster => StatsAsync(cluster, type, cancellationToken)))
            .Requires(AccessLevel.Read)
            .Describe("getShardingStats", "Cluster", "The shards of one entity type on all nodes, in the form of Akka Management.")
            .Produces<ShardingStatsDocument>()
            .MayMiss();
    }

    private static Task<IResult> RegionAsync(Akka.Cluster.Cluster cluster, string name, CancellationToken cancellationToken) => AskAsync<CurrentShardRegionState>(
        cluster, name, GetShardRegionState.Instance, RegionPatience, $"The region of {name} timed out",
        static state => AkkaAnswers.Json(ShardRegionDocument.From(state), ManagementJson.Default.ShardRegionDocument), cancellationToken);

    private static Task<IResult> StatsAsync(Akka.Cluster.Cluster cluster, string name, CancellationToken cancellationToken) => AskAsync<ClusterShardingStats>(
        cluster, name, new GetClusterShardingStats(ClusterPatience), ClusterPatience, $"Cluster-wide stats for {name} timed out",
        static stats => AkkaAnswers.Json(ShardingStatsDocument.From(stats), ManagementJson.Default.ShardingStatsDocument), cancellationToken);

    private static async Task<IResult> AskAsync<T>(
        Akka.Cluster.Cluster cluster, string name, object question, TimeSpan patience, string late, Func<T, IResult> answer, CancellationToken cancellationToken)
    {
        if (RegionOf(cluster, name) is not { } region)
        {
            return AkkaAnswers.Message($"Shard Region {name} is not started", StatusCodes.Status404NotFound);
        }

        try
        {
            return answer(await region.Ask<T>(question, patience, cancellationToken));
        }
        catch (Exception failure) when (failure is AskTimeoutException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return AkkaAnswers.Message(late, StatusCodes.Status504GatewayTimeout);
        }
    }

    private static IActorRef? RegionOf(Akka.Cluster.Cluster cluster, string name)
    {
        try
        {
            return ClusterSharding.Get(cluster.System).ShardRegion(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void MayMiss(this RouteHandlerBuilder route) => route
        .Produces<MessageDocument>(StatusCodes.Status404NotFound)
        .Produces<MessageDocument>(StatusCodes.Status500InternalServerError)
        .Produces<MessageDocument>(StatusCodes.Status504GatewayTimeout);
}
