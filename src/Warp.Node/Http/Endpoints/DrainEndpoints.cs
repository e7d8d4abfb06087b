using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Runners that are to be empty: what can go is moved elsewhere, and what stays says why.</summary>
internal static class DrainEndpoints
{
    private const string Path = "/warp/v1/runners/{runner}/drain";
    private const string Tag = "Runners";
    private const string Example = """{ "deadlineSeconds": 60 }""";

    /// <param name="routes">Where to.</param>
    /// <param name="actors">The cluster.</param>
    /// <param name="deadline">How long connections may go on when the request does not say it.</param>
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, TimeSpan deadline)
    {
        Answers(routes.MapPut(Path, async (string runner, HttpContext context) =>
            {
                var seconds = await DeadlineAsync(context) ?? (int)deadline.TotalSeconds;
                return await ProgressAsync(actors, Drains(await actors.AskTrustAsync(new DrainRunner(RouteNames.Runner(runner), seconds), context.RequestAborted)), runner, context.RequestAborted);
            })
            .RequiresForChange(AccessLevel.Administer)
            .Describe(
                "drainRunner",
                Tag,
                "Let a runner become empty.",
                "It gets nothing new, also after a restart, until it is undrained. What can run elsewhere is moved there, a few services at once and without a failed connection; what is bound to the runner or has its data there stays.")
            .Reads<DrainRequest>(Example, required: false)
            .Produces<DrainDocument>())
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
        Answers(routes.MapGet(Path, async (string runner, CancellationToken cancellationToken) =>
            {
                var trust = await actors.AskTrustAsync(new GetClusterTrust(), cancellationToken) as ClusterTrust;
                return await ProgressAsync(actors, trust?.Drains ?? RunnerDrains.None, runner, cancellationToken);
            })
            .Requires(AccessLevel.Read)
            .Describe("getDrain", Tag, "How far the draining of a runner is.")
            .Produces<DrainDocument>())
            .Refuses(StatusCodes.Status404NotFound);
        Answers(routes.MapDelete(Path, async (string runner, HttpContext context) =>
            {
                var name = RouteNames.Runner(runner);
                _ = Drains(await actors.AskTrustAsync(new UndrainRunner(name), context.RequestAborted));
                return TypedResults.Json(new UndrainDocument(name.Value), ManagementJson.Default.UndrainDocument);
            })
            .RequiresForChange(AccessLevel.Administer)
            .Describe("undrainRunner", Tag, "Let a runner take services again.", "Nothing is moved back. Answers the same when the runner was not being drained.")
            .Produces<UndrainDocument>())
            .Refuses(StatusCodes.Status409Conflict);
    }

    private static RouteHandlerBuilder Answers(RouteHandlerBuilder route) => route.Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    private static RunnerDrains Drains(object answer) => answer switch
    {
        RunnerDrains drains => drains,
        TrustRefused refused => throw new ProblemException(Problem.Conflict(refused.Reason)),
        var other => throw ActorGateway.Unexpected(other),
    };

    private static async Task<JsonHttpResult<DrainDocument>> ProgressAsync(ActorGateway actors, RunnerDrains drains, string runner, CancellationToken cancellationToken)
    {
        var name = RouteNames.Runner(runner);
        var drain = drains.Find(name) ?? throw new ProblemException(Problem.NotFound($"the runner '{name}' is not being drained; 'warp runners' shows which are"));
        var runners = await actors.ListRunnersAsync(cancellationToken);
        return TypedResults.Json(DrainDocument.From(drain, runners, await actors.ListDeploymentsAsync(cancellationToken)), ManagementJson.Default.DrainDocument);
    }

    private static async Task<int?> DeadlineAsync(HttpContext context)
    {
        var request = await RequestBody.ReadLikeAsync(context, RequestJson.Default.DrainRequest, Example, whenEmpty: new DrainRequest());
        return request.DeadlineSeconds is < 0 or > DrainRequest.MostSeconds
            ? throw QueryValues.Wrong("deadlineSeconds", $"a whole number of seconds from 0 to {DrainRequest.MostSeconds} is expected, not {request.DeadlineSeconds}")
            : request.DeadlineSeconds;
    }
}
