using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>The revisions of a deployment.</summary>
internal static class HistoryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors) =>
        routes.MapGet("/warp/v1/deployments/{name}/history", async (string name, CancellationToken cancellationToken) =>
        {
            var deployment = RouteNames.Deployment(name);
            return await actors.AskDeploymentAsync(new GetDeploymentHistory(deployment), cancellationToken) switch
            {
                DeploymentHistory history => TypedResults.Json(HistoryDocument.From(history), ManagementJson.Default.HistoryDocument),
                DeploymentNotFound => ActorGateway.Missing(deployment).ToResult(),
                var other => throw ActorGateway.Unexpected(other),
            };
        })
        .Requires(AccessLevel.Read)
        .Describe("getHistory", "Deployments", "List the revisions of a deployment, the newest first.")
        .Produces<HistoryDocument>()
        .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
}
