using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Deployments: what is wanted goes in, wish and reality come out. An accepted wish is persisted; bringing it about goes on after the answer.</summary>
internal static class DeploymentEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, DeploymentAnswers answers)
    {
        const string One = "/warp/v1/deployments/{name}";
        const string Tag = "Deployments";
        routes.MapGet("/warp/v1/deployments", (CancellationToken cancellationToken) => ListAsync(actors, answers, cancellationToken))
            .Requires(AccessLevel.Read)
            .Describe("listDeployments", Tag, "List all deployments, ordered by name.")
            .Produces<DeploymentListDocument>()
            .Refuses(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet(One, async (string name, HttpContext context) =>
                answers.Show(context, await actors.GetDeploymentAsync(RouteNames.Deployment(name), context.RequestAborted)))
            .Requires(AccessLevel.Read)
            .Describe("getDeployment", Tag, "Show a deployment: what is wanted, and what is really there.")
            .ShowsDeployment(StatusCodes.Status200OK)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        routes.MapPut(One, (string name, HttpContext context) => PutAsync(actors, answers, name, context))
            .RequiresForChange(AccessLevel.Deploy)
            .Describe("putDeployment", Tag, "Make or change a deployment.", "The answer comes when the wish is kept; bringing it about goes on after it. Only services that differ are touched.")
            .Reads<DeploymentRequest>(DeploymentRequest.Example)
            .ShowsDeployment(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Changes(mayCreate: true);
        routes.MapDelete(One, (string name, HttpContext context) => DeleteAsync(actors, name, context))
            .RequiresForChange(AccessLevel.Deploy)
            .Describe("removeDeployment", Tag, "Take a deployment away: containers, networks and routes; never volumes.", "It is gone once GET answers 404.")
            .Produces<RemovalDocument>(StatusCodes.Status202Accepted)
            .Refuses(StatusCodes.Status404NotFound)
            .Changes();
    }

    private static async Task<IResult> ListAsync(ActorGateway actors, DeploymentAnswers answers, CancellationToken cancellationToken)
    {
        var list = await actors.ListDeploymentsAsync(cancellationToken);
        return TypedResults.Json(new DeploymentListDocument([.. list.Deployments.Select(view => answers.Document(view))]), ManagementJson.Default.DeploymentListDocument);
    }

    private static async Task<IResult> PutAsync(ActorGateway actors, DeploymentAnswers answers, string name, HttpContext context)
    {
        var deployment = RouteNames.Deployment(name);
        var headers = ChangeHeaders.Of(context.Request, mayCreate: true);
        var parsed = SpecParser.Parse(deployment, await RequestBody.ReadAsync(context));
        if (parsed.Spec is not { } spec)
        {
            return Problem.InvalidDeployment(DeploymentAnswers.Errors(parsed.Problems)).ToResult();
        }

        ProjectAccess.Require(context, spec.Project);

        // Once sent, the wish may be persisted whatever the caller does: its going away must not look like a refusal.
        var answer = await actors.AskDeploymentAsync(new ApplyDeployment(spec, headers.ExpectedRevision, headers.RequestId), CancellationToken.None);
        return answers.Accepted(context, answer, headers.ExpectedRevision);
    }

    private static async Task<IResult> DeleteAsync(ActorGateway actors, string name, HttpContext context)
    {
        var deployment = RouteNames.Deployment(name);
        var headers = ChangeHeaders.Of(context.Request, mayCreate: false);
        return await actors.AskDeploymentAsync(new RemoveDeployment(deployment, headers.ExpectedRevision), CancellationToken.None) switch
        {
            DeploymentRemoving => TypedResults.Json(
                new RemovalDocument(deployment.Value, Removing: true), ManagementJson.Default.RemovalDocument, statusCode: StatusCodes.Status202Accepted),
            var answer => DeploymentAnswers.Refused(answer, headers.ExpectedRevision),
        };
    }
}
