using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Warp.Node.Http.Access;

namespace Warp.Node.Http.OpenApi;

/// <summary>The API's description of itself (OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1), made from the endpoints as they are.</summary>
internal static class ApiDocument
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/warp/v1/openapi.json";

    private const string Name = "v1";

    public static void AddTo(IServiceCollection services)
    {
        // For the description only: each endpoint reads and writes with a context of its own.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } id ? SchemaName(id) : null;
            options.AddSchemaTransformer(DocumentSchemas.TransformAsync);
            options.AddOperationTransformer(CommonAnswers.TransformAsync);
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                Head(document);
                return Task.CompletedTask;
            });
        });
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi(Path).Requires(AccessLevel.Read);

    /// <summary>A type's name in the document.</summary>
    public static string SchemaName(string id) => id.EndsWith("Document", StringComparison.Ordinal) ? id[..^"Document".Length] : id;

    private static void Head(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Warp management API",
            Version = "1",
            Description = "Deployments, runners and tunnels of a Warp cluster. Any node answers for the whole cluster. Every request can be repeated: a change that is sent again with the same "
                + "Warp-Request-Id is done once. The caller shows a certificate of the cluster's CA: any identity may read; what a change needs is said with each operation, and an administrator's certificate has one of the roles read, deploy (for some projects) and administer. Over the node's Unix socket none is needed. Fields may be added at any time; a client leaves aside what it does not know.",
        };
        document.Servers = [];
    }
}
