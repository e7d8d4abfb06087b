using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Endpoints;

/// <summary>Changes of one thing of a deployment: what the caller does not name stays as it is.</summary>
internal static class ChangeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, DeploymentAnswers answers)
    {
        const string One = "/warp/v1/deployments/{name}";
        const string Service = One + "/services/{service}";
        routes.MapPost(Service + "/move", async (string name, string service, HttpContext context) =>
        {
            var body = await ReadAsync(context, RequestJson.Default.MoveRequest, """{ "runner": "r2" }""");
            return await ChangeAsync(name, new MoveService(RouteNames.Service(service), RouteNames.Runner(body.Runner)), context);
        });
        routes.MapPost(Service + "/scale", async (string name, string service, HttpContext context) =>
        {
            var body = await ReadAsync(context, RequestJson.Default.ScaleRequest, """{ "replicas": 3 }""");
            if (body.Replicas is < 1 or > ScaleRequest.Most)
            {
                throw Wrong("replicas", $"a whole number from 1 to {ScaleRequest.Most} is expected, not {body.Replicas}; to take a service away, deploy without it");
            }

            return await ChangeAsync(name, new ScaleService(RouteNames.Service(service), body.Replicas), context);
        });
        routes.MapPost(Service + "/restart", (string name, string service, HttpContext context) => ChangeAsync(name, new RestartServices(RouteNames.Service(service)), context));
        routes.MapPost(One + "/restart", (string name, HttpContext context) => ChangeAsync(name, new RestartServices(Service: null), context));
        routes.MapPost(One + "/rollback", async (string name, HttpContext context) =>
        {
            var body = await ReadAsync(context, RequestJson.Default.RollbackRequest, """{ "revision": 7 }""", whenEmpty: new RollbackRequest());
            return await ChangeAsync(name, new RollBack(body.Revision), context);
        });

        async Task<IResult> ChangeAsync(string name, DeploymentChange change, HttpContext context)
        {
            var headers = ChangeHeaders.Of(context.Request, mayCreate: false);

            // As with PUT: once sent, the wish may be persisted whatever the caller does.
            var answer = await actors.AskDeploymentAsync(
                new ChangeDeployment(RouteNames.Deployment(name), change, headers.ExpectedRevision, headers.RequestId), CancellationToken.None);
            return answers.Accepted(context, answer, headers.ExpectedRevision);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, string example, T? whenEmpty = null)
        where T : class
    {
        var body = await RequestBody.ReadAsync(context);
        try
        {
            return (body.IsEmpty ? whenEmpty : JsonSerializer.Deserialize(body.Span, type)) ?? throw Wrong("body", $"it is to be like {example}");
        }
        catch (JsonException broken)
        {
            throw Wrong("body", $"it is to be like {example}, and no other fields; it is not at {broken.Path ?? "$"}");
        }
    }

    private static ProblemException Wrong(string field, string message) => new(Problem.InvalidRequest(field, message));
}
