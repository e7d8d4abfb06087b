using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;
using Warp.Node.Images.Logins;

namespace Warp.Node.Http.Endpoints;

/// <summary>The cluster's logins at image registries. A password is sealed on the node that takes it, and is in no answer.</summary>
internal static class RegistryEndpoints
{
    private const string Tag = "Registries";
    private const int MaxText = 16 * 1024;

    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, LoginSealer? sealer)
    {
        routes.MapGet("/warp/v1/registries", async (CancellationToken cancellationToken) =>
            Document((await AskAsync(actors, new ListRegistryLogins(), cancellationToken)).Logins))
            .Requires(AccessLevel.Read)
            .Describe("listRegistries", Tag, "List the logins at image registries, without their passwords.")
            .Produces<RegistryListDocument>()
            .Refuses(StatusCodes.Status503ServiceUnavailable);
        routes.MapPut("/warp/v1/registries/{registry}", async (string registry, HttpContext context) =>
        {
            var host = Host(registry);
            var (username, password) = await ReadAsync(context);
            string? problem = "this node runs no containers and holds no cluster key; use a node that is a runner";
            var login = sealer?.Seal(host, username, password, out problem) ?? throw new ProblemException(Problem.Conflict($"{problem}"));
            var all = await AskAsync(actors, new KeepRegistryLogin(login), context.RequestAborted);
            var kept = all.Logins.Single(one => string.Equals(one.Registry, host, StringComparison.Ordinal));
            return TypedResults.Json(RegistryDocument.From(kept), ManagementJson.Default.RegistryDocument);
        })
            .RequiresForChange(AccessLevel.Administer)
            .Describe("putRegistry", Tag, "Keep a login at an image registry, for every runner of the cluster.", "The password is sealed with the cluster's key before it is kept, and is in no answer.")
            .Reads<RegistryLoginRequest>("""{ "username": "ci", "password": "secret" }""")
            .Produces<RegistryDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status503ServiceUnavailable);
        routes.MapDelete("/warp/v1/registries/{registry}", async (string registry, CancellationToken cancellationToken) =>
            Document((await AskAsync(actors, new ForgetRegistryLogin(Host(registry)), cancellationToken)).Logins))
            .RequiresForChange(AccessLevel.Administer)
            .Describe("forgetRegistry", Tag, "Forget a login.", "Answers with those that are left.")
            .Produces<RegistryListDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
    }

    private static JsonHttpResult<RegistryListDocument> Document(IEnumerable<SealedLogin> logins) =>
        TypedResults.Json(new RegistryListDocument([.. logins.Select(RegistryDocument.From)]), ManagementJson.Default.RegistryListDocument);

    private static async Task<RegistryLogins> AskAsync(ActorGateway actors, IWarpMessage message, CancellationToken cancellationToken) =>
        await actors.AskRegistriesAsync(message, cancellationToken) switch
        {
            RegistryLogins all => all,
            RegistryLoginUnknown unknown => throw new ProblemException(Problem.NotFound($"there is no login for {unknown.Registry}; 'warp registry list' lists those there are")),
            RegistryLoginRefused refused => throw new ProblemException(Problem.Conflict(refused.Reason)),
            var other => throw ActorGateway.Unexpected(other),
        };

    private static string Host(string registry) =>
        RegistryHost.TryParse(registry, out var host, out var problem) ? host : throw new ProblemException(Problem.InvalidRequest("registry", problem));

    // No part of a body that cannot be read goes into the message: it may be the password.
    private static async Task<(string Username, string Password)> ReadAsync(HttpContext context)
    {
        try
        {
            var body = await RequestBody.ReadAsync(context);
            return JsonSerializer.Deserialize(body.Span, ManagementJson.Default.RegistryLoginRequest) switch
            {
                { Username: { Length: > 0 and < MaxText } user, Password: { Length: > 0 and < MaxText } password } => (user, password),
                { Username: { Length: > 0 } } => throw new ProblemException(Problem.InvalidRequest("password", "a password or token is needed")),
                _ => throw new ProblemException(Problem.InvalidRequest("username", "a user's name is needed")),
            };
        }
        catch (JsonException)
        {
            throw new ProblemException(Problem.InvalidRequest("", "the body is not an object with 'username' and 'password'"));
        }
    }
}
