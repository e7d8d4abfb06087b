using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>The runners and the links between them, as the directory of a control node knows them.</summary>
internal static class RunnerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors)
    {
        routes.MapGet("/warp/v1/runners", async (CancellationToken cancellationToken) =>
        {
            var list = await actors.ListRunnersAsync(cancellationToken);
            return TypedResults.Json(new RunnerListDocument([.. list.Runners.Select(RunnerDocument.From)]), ManagementJson.Default.RunnerListDocument);
        })
            .Requires(AccessLevel.Read)
            .Describe("listRunners", "Runners", "List all runners, ordered by name.")
            .Produces<RunnerListDocument>()
            .Refuses(StatusCodes.Status503ServiceUnavailable);
        routes.MapDelete("/warp/v1/runners/{runner}", async (string runner, HttpContext context) =>
            await actors.AskTrustAsync(new RemoveRunner(RouteNames.Runner(runner), QueryValues.Flag(context.Request.Query, "force")), context.RequestAborted) switch
            {
                RunnerRemoved done => TypedResults.Json(new RunnerRemovalDocument(done.Removal.Runner.Value, done.Removal.At), ManagementJson.Default.RunnerRemovalDocument),
                TrustRefused refused => throw new ProblemException(Problem.Conflict(refused.Reason)),
                var other => throw ActorGateway.Unexpected(other),
            })
            .RequiresForChange(AccessLevel.Administer)
            .Describe(
                "removeRunner",
                "Runners",
                "Remove a runner from the cluster for ever.",
                "Its certificates are refused from now on, and what it has open with any other node ends.")
            .Takes("force", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Boolean }, "Also when it has instances, or was not heard of.")
            .Produces<RunnerRemovalDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/warp/v1/tunnels", async (CancellationToken cancellationToken) =>
        {
            var list = await actors.ListRunnersAsync(cancellationToken);
            var tunnels = list.Runners.SelectMany(TunnelDocument.From)
                .OrderBy(tunnel => tunnel.Runner, StringComparer.Ordinal).ThenBy(tunnel => tunnel.Peer, StringComparer.Ordinal);
            return TypedResults.Json(new TunnelListDocument([.. tunnels]), ManagementJson.Default.TunnelListDocument);
        })
            .Requires(AccessLevel.Read)
            .Describe("listTunnels", "Runners", "List both ends of every link between runners.")
            .Produces<TunnelListDocument>()
            .Refuses(StatusCodes.Status503ServiceUnavailable);
    }
}
