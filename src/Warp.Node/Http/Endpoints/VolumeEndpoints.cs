using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Volumes, which only people make and remove: listed from what the runners tell, everything else done by the runner that has them or is to have them.</summary>
internal static class VolumeEndpoints
{
    private const string Tag = "Volumes";
    private const string One = "/warp/v1/runners/{runner}/volumes/{id}";

    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, IContainerVolumes volumes, RunnerForward forward)
    {
        routes.MapGet("/warp/v1/volumes", (CancellationToken cancellationToken) => ListAsync(actors, cancellationToken))
            .Describe("listVolumes", Tag, "List the volumes of all runners.")
            .Requires(AccessLevel.Read)
            .Produces<VolumeListDocument>()
            .Refuses(StatusCodes.Status503ServiceUnavailable);
        Describe(
            routes.MapGet(One, (string runner, string id, HttpContext context) => DoAsync(context, forward, runner, id, async () =>
                Show(await volumes.InspectAsync(id, context.RequestAborted), forward.Self))),
            "getVolume",
            "Show a volume.").Requires(AccessLevel.Read).Produces<VolumeDocument>().Refuses(StatusCodes.Status404NotFound);
        Describe(
            routes.MapPut(One, (string runner, string id, HttpContext context) => DoAsync(context, forward, runner, id, async () =>
                Show(await volumes.CreateAsync(id, context.RequestAborted), forward.Self))),
            "putVolume",
            "Make an empty volume on a runner, or find the one that is there.").RequiresForChange(AccessLevel.Administer, byRunners: true).Produces<VolumeDocument>();
        Describe(
            routes.MapDelete(One, (string runner, string id, HttpContext context) => DoAsync(context, forward, runner, id, async () =>
                Refusal((await volumes.RemoveAsync(id, context.RequestAborted)).Failure) ?? TypedResults.NoContent())),
            "removeVolume",
            "Remove a volume with all that is in it; one that a container uses stays.").RequiresForChange(AccessLevel.Administer, byRunners: true).Produces(StatusCodes.Status204NoContent);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string id, string summary) => route
        .Describe(id, Tag, summary)
        .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> ListAsync(ActorGateway actors, CancellationToken cancellationToken)
    {
        var list = await actors.ListRunnersAsync(cancellationToken);
        var volumes = list.Runners
            .SelectMany(runner => runner.Status.Volumes.Select(id => new VolumeEntryDocument(id, runner.Status.Runner.Value, runner.Reachable)))
            .OrderBy(volume => volume.Id, StringComparer.Ordinal).ThenBy(volume => volume.Runner, StringComparer.Ordinal);
        return TypedResults.Json(new VolumeListDocument([.. volumes]), ManagementJson.Default.VolumeListDocument);
    }

    private static async Task<IResult> DoAsync(HttpContext context, RunnerForward forward, string runner, string id, Func<Task<IResult>> act)
    {
        var place = RouteNames.Runner(runner);
        if (VolumeNeed.IdProblem(id) is { } problem)
        {
            throw new ProblemException(Problem.InvalidRequest("id", problem));
        }

        return await forward.AtAsync(context, place, act);
    }

    private static IResult Show(RuntimeResult<VolumeInfo> result, RunnerId runner) =>
        Refusal(result.Failure) ?? TypedResults.Json(VolumeDocument.From(result.Value!, runner), ManagementJson.Default.VolumeDocument);

    private static IResult? Refusal(RuntimeFailure? failure) => failure?.Kind switch
    {
        null => null,
        RuntimeFailureKind.NotFound => Problem.NotFound(failure.Message).ToResult(),
        RuntimeFailureKind.EngineUnavailable => Problem.EngineUnavailable(failure.Message).ToResult(),
        _ => Problem.Conflict(failure.Message).ToResult(),
    };
}
