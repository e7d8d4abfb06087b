using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>The output of a service's container, wherever it runs: read here, or passed on from the management API of the runner that has it.</summary>
internal static class LogEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, IContainerLogs logs, RunnerForward forward)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet("/warp/v1/deployments/{name}/services/{service}/logs", async (string name, string service, HttpContext context) =>
        {
            var query = LogRequest.Parse(context.Request.Query);
            var instance = await InstanceLookup.FindAsync(actors, RouteNames.Deployment(name), service, query.Ordinal, context.RequestAborted);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await (InstanceLookup.IsHere(instance, forward, context)
                ? SendAsync(context, logs, query.Log, instance, ended.Token)
                : forward.SendAsync(context, instance.Runner, null, ended.Token));
        })
            .Requires(AccessLevel.Read)
            .Describe("readLogs", "Logs", "The output of a service's container, wherever it runs.", "As text, or as JSON lines for a caller that accepts application/x-ndjson. The answer's headers name the generation and the runner.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Streams<LogLineDocument>("The lines in the order written; the JSON schema is that of one line.")
            .Takes("follow", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Boolean }, "Whether to go on with what is written from now on, until the container ends.")
            .Takes("tail", ParameterLocation.Query, Described.Count(), "Only so many of the last lines.")
            .Takes("since", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }, "Only lines from this time on.", "2030-01-31T12:00:00Z")
            .Takes("ordinal", ParameterLocation.Query, Described.Count(), "Of which replica, from 0.")
            .Refuses(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task SendAsync(HttpContext context, IContainerLogs logs, LogQuery query, InstanceView instance, CancellationToken ended)
    {
        var opened = await logs.OpenLogsAsync(InstanceLookup.ContainerOf(instance), query, ended);
        if (opened.Failure is { } failure)
        {
            throw new ProblemException(failure.Kind == RuntimeFailureKind.NotFound ? Problem.Conflict(failure.Message) : Problem.EngineUnavailable(failure.Message));
        }

        context.Response.Headers[LogStream.GenerationHeader] = instance.Generation.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[LogStream.RunnerHeader] = instance.Runner.Value;
        await LogStream.WriteAsync(context, opened.Value!.Lines, query.Follow, ended);
    }
}
