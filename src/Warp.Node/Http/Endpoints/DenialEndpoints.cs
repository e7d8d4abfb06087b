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
        routes.MapGet("/warp/v1/runners/{runner}/denials", async (string runner, HttpContext context) =>
        {
            var place = RouteNames.Runner(runner);
            if (place == forward.Self)
            {
                var report = await denials.ReadAsync(context.RequestAborted);
                return TypedResults.Json(new DenialsDocument(place.Value, report.Counts, report.Latest, report.Problem), ManagementJson.Default.DenialsDocument);
            }

            if (RunnerForward.Origin(context) is { } origin)
            {
                throw new ProblemException(Problem.Conflict($"{origin} passed this on to {forward.Self}, but it is about {place}; check the addresses of 'warp runners'"));
            }

            await forward.SendAsync(context, place, null, context.RequestAborted);
            return Results.Empty;
        })
            .Requires(AccessLevel.Read)
            .Describe("listDenials", "Runners", "What a runner has refused since its node began, by reason, and whom lately.")
            .Produces<DenialsDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
}
