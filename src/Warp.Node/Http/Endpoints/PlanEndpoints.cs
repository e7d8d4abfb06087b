using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>What a deployment's document would change, without changing anything.</summary>
internal static class PlanEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors) =>
        routes.MapPost("/warp/v1/deployments/{name}/plan", (string name, HttpContext context) => PlanAsync(actors, name, context))
            .Requires(AccessLevel.Deploy)
            .Describe("planDeployment", "Deployments", "What a deployment's document would change, without changing anything.")
            .Reads<DeploymentRequest>(DeploymentRequest.Example)
            .Produces<PlanDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PlanAsync(ActorGateway actors, string name, HttpContext context)
    {
        var parsed = SpecParser.Parse(RouteNames.Deployment(name), await RequestBody.ReadAsync(context));
        if (parsed.Spec is not { } spec)
        {
            return Problem.InvalidDeployment(DeploymentAnswers.Errors(parsed.Problems)).ToResult();
        }

        ProjectAccess.Require(context, spec.Project);
        return await actors.AskDeploymentAsync(new PlanDeployment(spec), context.RequestAborted) switch
        {
            DeploymentPlanned plan => TypedResults.Json(PlanDocument.From(plan), ManagementJson.Default.PlanDocument),
            DeploymentRejected rejected => Problem.InvalidDeployment(DeploymentAnswers.Errors(rejected.Problems)).ToResult(),
            var other => throw ActorGateway.Unexpected(other),
        };
    }
}
