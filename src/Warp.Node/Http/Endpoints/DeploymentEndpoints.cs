using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Endpoints;

/// <summary>Deployments: what is wanted goes in, wish and reality come out. An accepted wish is persisted; bringing it about goes on after the answer.</summary>
internal static class DeploymentEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors)
    {
        const string One = "/warp/v1/deployments/{name}";
        routes.MapGet("/warp/v1/deployments", (CancellationToken cancellationToken) => ListAsync(actors, cancellationToken));
        routes.MapGet(One, (string name, CancellationToken cancellationToken) => GetAsync(actors, name, cancellationToken));
        routes.MapPut(One, (string name, HttpContext context) => PutAsync(actors, name, context));
        routes.MapDelete(One, (string name, CancellationToken cancellationToken) => DeleteAsync(actors, name, cancellationToken));
    }

    private static async Task<IResult> ListAsync(ActorGateway actors, CancellationToken cancellationToken)
    {
        var list = await actors.ListDeploymentsAsync(cancellationToken);
        return TypedResults.Json(
            new DeploymentListDocument([.. list.Deployments.Select(view => DeploymentDocument.From(view))]), ManagementJson.Default.DeploymentListDocument);
    }

    private static async Task<IResult> GetAsync(ActorGateway actors, string name, CancellationToken cancellationToken) =>
        Document(await actors.GetDeploymentAsync(RouteNames.Deployment(name), cancellationToken), changed: null, StatusCodes.Status200OK);

    private static async Task<IResult> PutAsync(ActorGateway actors, string name, HttpContext context)
    {
        var deployment = RouteNames.Deployment(name);
        var parsed = SpecParser.Parse(deployment, await RequestBody.ReadAsync(context));
        if (parsed.Spec is not { } spec)
        {
            return Problem.InvalidDeployment(Errors(parsed.Problems)).ToResult();
        }

        // Once sent, the wish may be persisted whatever the caller does: its going away must not look like a refusal.
        return await actors.AskDeploymentAsync(new ApplyDeployment(spec), CancellationToken.None) switch
        {
            DeploymentAccepted accepted => Document(
                accepted.View, accepted.Changed, accepted is { Changed: true, Revision: 1 } ? StatusCodes.Status201Created : StatusCodes.Status200OK),
            DeploymentRejected rejected => Problem.InvalidDeployment(Errors(rejected.Problems)).ToResult(),
            var other => throw ActorGateway.Unexpected(other),
        };
    }

    private static async Task<IResult> DeleteAsync(ActorGateway actors, string name, CancellationToken cancellationToken)
    {
        var deployment = RouteNames.Deployment(name);
        return await actors.AskDeploymentAsync(new RemoveDeployment(deployment), cancellationToken) switch
        {
            DeploymentRemoving => TypedResults.Json(
                new RemovalDocument(deployment.Value, Removing: true), ManagementJson.Default.RemovalDocument, statusCode: StatusCodes.Status202Accepted),
            DeploymentNotFound => ActorGateway.Missing(deployment).ToResult(),
            var other => throw ActorGateway.Unexpected(other),
        };
    }

    private static JsonHttpResult<DeploymentDocument> Document(DeploymentView view, bool? changed, int status) =>
        TypedResults.Json(DeploymentDocument.From(view, changed), ManagementJson.Default.DeploymentDocument, statusCode: status);

    private static ImmutableArray<FieldError> Errors(ImmutableArray<SpecProblem> problems) => [.. problems.Select(problem => new FieldError(problem.Field, problem.Message))];
}
