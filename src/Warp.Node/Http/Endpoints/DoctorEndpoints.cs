using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Looks at runners for what keeps them from working: each at itself, this node at all of them.</summary>
internal static class DoctorEndpoints
{
    private const string Tag = "Runners";

    public static void Map(IEndpointRouteBuilder routes, Examinations examinations, RunnerForward forward)
    {
        routes.MapGet("/warp/v1/doctor", async (CancellationToken cancellationToken) =>
            TypedResults.Json(await examinations.AllAsync(cancellationToken), ManagementJson.Default.ExaminationListDocument))
            .Requires(AccessLevel.Read)
            .Describe(
                "examineRunners",
                Tag,
                "Look at every runner for what keeps it from working: engine, kernel, firewall, MTU, disk, certificates, clocks, and each port of each other runner.",
                "It takes a few seconds. Without a control node only the runner that is asked is looked at.")
            .Produces<ExaminationListDocument>();
        routes.MapGet("/warp/v1/runners/{runner}/doctor", (string runner, HttpContext context) => forward.AtAsync(context, RouteNames.Runner(runner), async () =>
            TypedResults.Json(await examinations.SelfAsync(context.RequestAborted), ManagementJson.Default.ExaminationDocument)))
            .Requires(AccessLevel.Read)
            .Describe("examineRunner", Tag, "The same for one runner.")
            .Produces<ExaminationDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
    }
}
