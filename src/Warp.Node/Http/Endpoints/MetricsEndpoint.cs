using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.OpenApi;
using Warp.Node.Metrics;

namespace Warp.Node.Http.Endpoints;

/// <summary>What this node counts, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void Map(IEndpointRouteBuilder routes, IMetricReader metrics) =>
        routes.MapGet(Path, async (HttpContext context, CancellationToken cancellationToken) =>
        {
            var families = await metrics.ReadAsync(cancellationToken);
            context.Response.ContentType = PrometheusText.MediaType;
            context.Response.Headers.CacheControl = "no-store";
            foreach (var family in families)
            {
                PrometheusText.Write(context.Response.BodyWriter, family);
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            }

            return Results.Empty;
        })
            .Requires(AccessLevel.Read)
            .Describe("readMetrics", "Runners", "What this node counts, in Prometheus' text format.", "Asked of each node by itself; docs/operations.md tells every metric.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
}
