using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Warp.Cluster.Identity;
using Warp.Node.Http.Access;
using Warp.Node.Http.Auditing;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>What this node was asked to change, and by whom.</summary>
internal static class AuditEndpoints
{
    private const int Usual = 1000;
    private const int Most = 10_000;

    public static void Map(IEndpointRouteBuilder routes, AuditFile file, RunnerId self) =>
        routes.MapGet("/warp/v1/audit", async (HttpContext context) =>
        {
            var since = QueryValues.Time(context.Request.Query, "since");
            var tail = QueryValues.Number(context.Request.Query, "tail") is { } number ? Math.Min(number, Most) : Usual;
            var entries = await Task.Run(() => file.Read(since, tail), context.RequestAborted);
            return TypedResults.Json(new AuditDocument(self.Value, entries), ManagementJson.Default.AuditDocument);
        })
            .Requires(AccessLevel.Administer)
            .Describe("readAudit", "Audit", "What this node was asked to change, by whom, and with which result; and who was refused.", "Each node keeps what it was asked itself.")
            .Takes("since", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }, "Only entries from this time on.", "2030-01-31T12:00:00Z")
            .Takes("tail", ParameterLocation.Query, Described.Count(), $"Only so many of the newest, at most {Most}; {Usual} when left out.")
            .Produces<AuditDocument>()
            .Refuses(StatusCodes.Status400BadRequest);
}
