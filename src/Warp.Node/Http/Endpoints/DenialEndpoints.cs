using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>What a runner has refused, told by itself.</summary>
internal static class DenialEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IDenials denials, RunnerForward forward) =>
        routes.MapGet("/warp/v1/runners/{runner}/denials", (string runner, HttpContext context) => forward.AtAsync(context, RouteNames.Runner(runner), async () =>
        {
            var report = await denials.ReadAsync(context.RequestAborted);
            return TypedResults.Json(DenialsDocument.From(forward.Self, report), ManagementJson.Default.DenialsDocument);
        }))
            .Requires(AccessLevel.Read)
            .Describe("listDenials", "Runners", "What a runner has refused since its node began, by reason, and whom lately.")
            .Produces<DenialsDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
}
