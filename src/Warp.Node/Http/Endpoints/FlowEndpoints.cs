using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Warp.Node.Http.Access;
using Warp.Node.Http.AkkaManagement;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Who talks to whom, now or as server-sent events.</summary>
internal static class FlowEndpoints
{
    public const string Path = "/warp/v1/flows";

    public static void Map(IEndpointRouteBuilder routes, ClusterFlows flows)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet(Path, async (HttpContext context) =>
        {
            Func<CancellationToken, Task<FlowListDocument>> read = QueryValues.Flag(context.Request.Query, ClusterFlows.Here) ? flows.ReadHereAsync : flows.ReadAsync;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            var first = await read(ended.Token);
            if (!context.Request.Headers.Accept.ToString().Contains(DomainEventText.MediaType, StringComparison.OrdinalIgnoreCase))
            {
                return TypedResults.Json(first, ManagementJson.Default.FlowListDocument);
            }

            await StreamAsync(context, first, read, ended.Token);
            return Results.Empty;
        })
            .Requires(AccessLevel.Read)
            .Describe(
                "listFlows",
                "Runners",
                "Who talks to whom on all runners, and who was refused lately.",
                "Numbers for a second are those of the last one, so the answer takes a second. For a caller that accepts text/event-stream it goes on with an event a second, until the caller ends it.")
            .Takes(ClusterFlows.Here, ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Boolean }, "Only callers on the asked runner.")
            .Produces<FlowListDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task StreamAsync(HttpContext context, FlowListDocument first, Func<CancellationToken, Task<FlowListDocument>> read, CancellationToken ended)
    {
        context.Response.ContentType = DomainEventText.MediaType;
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            // Each look takes a second.
            for (var flows = first; ; flows = await read(ended))
            {
                Write(context.Response.BodyWriter, flows);
                await context.Response.BodyWriter.FlushAsync(ended);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ProblemException)
        {
            context.Abort();
        }
    }

    private static void Write(IBufferWriter<byte> body, FlowListDocument flows)
    {
        body.Write("event:flows\ndata:"u8);
        using (var json = new Utf8JsonWriter(body))
        {
            JsonSerializer.Serialize(json, flows, ManagementJson.Default.FlowListDocument);
        }

        body.Write("\n\n"u8);
    }
}
