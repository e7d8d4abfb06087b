using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>The change of the cluster's CA, answered by the node that holds it.</summary>
internal static class AuthorityEndpoints
{
    /// <summary>The path.</summary>
    public const string Path = "/warp/v1/authority";

    private const string Tag = "Certificates";

    public static void Map(IEndpointRouteBuilder routes, AuthorityRotation rotation)
    {
        Answers(routes.MapGet(Path, async (CancellationToken cancellationToken) => Document(await rotation.StatusAsync(cancellationToken)))
            .Describe("getAuthority", Tag, "Where a change of the cluster's CA stands.").Requires(AccessLevel.Read));
        Answers(routes.MapPost($"{Path}/begin", async (CancellationToken cancellationToken) => Document(await rotation.BeginAsync(cancellationToken)))
            .Describe("beginAuthority", Tag, "Make a new CA, and have it trusted everywhere.").RequiresForChange(AccessLevel.Administer));
        Answers(Forced(routes.MapPost($"{Path}/switch", async (HttpContext context, CancellationToken cancellationToken) => Document(await rotation.SwitchAsync(Force(context), cancellationToken)))
            .Describe("switchAuthority", Tag, "Have the new CA sign; all certificates are renewed under it.").RequiresForChange(AccessLevel.Administer)));
        Answers(Forced(routes.MapPost($"{Path}/finish", async (HttpContext context, CancellationToken cancellationToken) => Document(await rotation.FinishAsync(Force(context), cancellationToken)))
            .Describe("finishAuthority", Tag, "End the trust in the old CA.").RequiresForChange(AccessLevel.Administer)));
    }

    private static void Answers(RouteHandlerBuilder route) =>
        route.Produces<AuthorityDocument>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);

    private static RouteHandlerBuilder Forced(RouteHandlerBuilder route) =>
        route.Takes("force", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Boolean }, "Also while runners hold it up; they will have to be added again.");

    private static bool Force(HttpContext context) => QueryValues.Flag(context.Request.Query, "force");

    private static JsonHttpResult<AuthorityDocument> Document(AuthorityDocument document) => TypedResults.Json(document, ManagementJson.Default.AuthorityDocument);
}
