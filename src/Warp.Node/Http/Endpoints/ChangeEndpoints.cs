using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Changes of one thing of a deployment: what the caller does not name stays as it is.</summary>
internal static class ChangeEndpoints
{
    private const string MoveExample = """{ "runner": "r2" }""";
    private const string ScaleExample = """{ "replicas": 3 }""";
    private const string RollbackExample = """{ "revision": 7 }""";

    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, DeploymentAnswers answers)
    {
        const string One = "/warp/v1/deployments/{name}";
        const string Service = One + "/services/{service}";
        Describe(routes.MapPost(Service + "/move", async (string name, string service, HttpContext context) =>
            {
                var body = await RequestBody.ReadLikeAsync(context, RequestJson.Default.MoveRequest, MoveExample);
                return await ChangeAsync(name, new MoveService(RouteNames.Service(service), RouteNames.Runner(body.Runner)), context);
            }).Reads<MoveRequest>(MoveExample),
            "moveService",
            "Let a service run on another runner, at the same address and without a failed connection.");
        Describe(routes.MapPost(Service + "/scale", async (string name, string service, HttpContext context) =>
            {
                var body = await RequestBody.ReadLikeAsync(context, RequestJson.Default.ScaleRequest, ScaleExample);
                if (body.Replicas is < 1 or > ScaleRequest.Most)
                {
                    throw QueryValues.Wrong("replicas", $"a whole number from 1 to {ScaleRequest.Most} is expected, not {body.Replicas}; to take a service away, deploy without it");
                }

                return await ChangeAsync(name, new ScaleService(RouteNames.Service(service), body.Replicas), context);
            }).Reads<ScaleRequest>(ScaleExample),
            "scaleService",
            "Set how many instances share a service's address.");
        Describe(
            routes.MapPost(Service + "/restart", (string name, string service, HttpContext context) => ChangeAsync(name, new RestartServices(RouteNames.Service(service)), context)),
            "restartService",
            "Replace every instance of a service by a new one of the same spec.");
        Describe(
            routes.MapPost(One + "/restart", (string name, HttpContext context) => ChangeAsync(name, new RestartServices(Service: null), context)),
            "restartDeployment",
            "Replace every instance of a deployment by a new one of the same spec.");
        Describe(routes.MapPost(One + "/rollback", async (string name, HttpContext context) =>
            {
                var body = await RequestBody.ReadLikeAsync(context, RequestJson.Default.RollbackRequest, RollbackExample, whenEmpty: new RollbackRequest());
                return await ChangeAsync(name, new RollBack(body.Revision, context.Features.Get<ProjectCheck>()?.Project), context);
            }).Reads<RollbackRequest>(RollbackExample, required: false),
            "rollBackDeployment",
            "Take up an earlier revision again, as a new one.");

        async Task<IResult> ChangeAsync(string name, DeploymentChange change, HttpContext context)
        {
            var headers = ChangeHeaders.Of(context.Request, mayCreate: false);

            // As with PUT: once sent, the wish may be persisted whatever the caller does.
            var answer = await actors.AskDeploymentAsync(
                new ChangeDeployment(RouteNames.Deployment(name), change, headers.ExpectedRevision, headers.RequestId), CancellationToken.None);
            return answers.Accepted(context, answer, headers.ExpectedRevision);
        }
    }

    private static void Describe(RouteHandlerBuilder route, string id, string summary) => route
        .RequiresForChange(AccessLevel.Deploy)
        .Describe(id, "Changes", summary, $"{summary} The answer comes when the wish is kept; bringing it about goes on after it.")
        .ShowsDeployment(StatusCodes.Status200OK)
        .Refuses(StatusCodes.Status404NotFound)
        .Changes();
}
