using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Warp.Cluster.Identity;
using Warp.Node.Diagnosis.Paths;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Why one service reaches another, or does not: gathered from both of their runners.</summary>
internal static class ExplainEndpoints
{
    private const string Tag = "Services";

    public static void Map(IEndpointRouteBuilder routes, PathSurvey survey, IPathProbe probe, RunnerForward forward)
    {
        routes.MapGet("/warp/v1/deployments/{name}/services/{service}/explain", async (string name, string service, HttpContext context) =>
        {
            var query = context.Request.Query;
            var target = new CalledService(
                query["deployment"].ToString() is { Length: > 0 } other ? RouteNames.Deployment(other) : RouteNames.Deployment(name), RouteNames.Service(query["to"].ToString()), Port(query));
            return TypedResults.Json(
                await survey.ExplainAsync(RouteNames.Deployment(name), RouteNames.Service(service), target, context.RequestAborted), ManagementJson.Default.ExplanationDocument);
        })
            .Requires(AccessLevel.Read)
            .Describe("explainPath", Tag, "Say where the way from this service to another one ends.", "A connection is opened from inside a container of the service, and closed at once.")
            .Takes("to", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String }, "The service called.")
            .Takes("port", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Integer }, "The TCP port called.")
            .Takes("deployment", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String }, "Its deployment, when that is another one.")
            .Produces<ExplanationDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/warp/v1/runners/{runner}/containers/{container}/call", (string runner, string container, HttpContext context) => forward.AtAsync(context, RouteNames.Runner(runner), async () =>
        {
            var query = context.Request.Query;
            var address = Ipv4Address.TryParse(query["address"].ToString(), out var parsed) ? parsed : throw QueryValues.Wrong("address", "is no IPv4 address");
            return TypedResults.Json(await probe.CallAsync(container, query["name"].ToString(), address, Port(query), context.RequestAborted), ManagementJson.Default.CallFacts);
        }))
            .Requires(AccessLevel.Nodes)
            .Describe("callFromContainer", Tag, "Open a connection as a program in this container would, and close it.")
            .Takes("name", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String }, "A host name to look up.")
            .Takes("address", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String }, "An IPv4 address.")
            .Takes("port", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Integer }, "A TCP port.")
            .Produces<CallFacts>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/warp/v1/runners/{runner}/containers/{container}/listeners", (string runner, string container, HttpContext context) => forward.AtAsync(context, RouteNames.Runner(runner), async () =>
            TypedResults.Json(await probe.ListenersAsync(container, context.RequestAborted), ManagementJson.Default.ListenerFacts)))
            .Requires(AccessLevel.Nodes)
            .Describe("listListeners", Tag, "Where the programs in this container listen.")
            .Produces<ListenerFacts>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
    }

    private static int Port(IQueryCollection query) =>
        QueryValues.Number(query, "port") is >= 1 and <= 65535 and var port ? port : throw QueryValues.Wrong("port", "is to be a TCP port, 1 to 65535");
}
