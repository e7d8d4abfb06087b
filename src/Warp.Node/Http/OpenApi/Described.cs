using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.OpenApi;

/// <summary>How an endpoint is described for <see cref="ApiDocument"/>.</summary>
internal static class Described
{
    /// <param name="route">The endpoint.</param>
    /// <param name="id">Names the operation for generated clients; unique.</param>
    /// <param name="tag">Which part of the API.</param>
    /// <param name="summary">What it does, in a line.</param>
    /// <param name="description">What else there is to know; null for nothing.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string id, string tag, string summary, string? description = null) =>
        route.WithName(id).WithTags(tag).WithSummary(summary).WithDescription(description ?? summary);

    /// <summary>The problem documents that it may answer with, besides those of every operation.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<Problem>(status, Problem.MediaType);
        }

        return route;
    }

    /// <summary>It answers with a deployment and its entity tag.</summary>
    public static RouteHandlerBuilder ShowsDeployment(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        var keys = new List<string>();
        foreach (var status in statuses)
        {
            route.Produces<DeploymentDocument>(status);
            keys.Add(status.ToString(CultureInfo.InvariantCulture));
        }

        return route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var response in keys.Select(key => operation.Responses![key]).OfType<OpenApiResponse>())
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
                {
                    ["ETag"] = new OpenApiHeader { Description = "The accepted revision in quotes, for If-Match.", Schema = Text(), Example = "\"3\"" },
                };
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>It is a change: it may name the revision that it was made for, and it may be sent again.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, bool mayCreate = false)
    {
        route.Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status412PreconditionFailed, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status503ServiceUnavailable);
        route.Takes("If-Match", ParameterLocation.Header, Text(), "The revision that the change was made for, in quotes as in the ETag; refused with 412 unless it is the accepted one.", "\"3\"");
        if (mayCreate)
        {
            route.Takes("If-None-Match", ParameterLocation.Header, Text(), "Only '*': refused with 412 when there is such a deployment already.", "*");
        }

        return route.Takes(
            ChangeHeaders.RequestIdHeader,
            ParameterLocation.Header,
            new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 64, Pattern = "^[!-~]+$" },
            "Names the wish; sent again with the same id it is answered and not done twice.",
            "5f0c1e7a9d3b4c55");
    }

    /// <summary>It takes a parameter that the handler reads by itself.</summary>
    public static RouteHandlerBuilder Takes(
        this RouteHandlerBuilder route, string name, ParameterLocation where, OpenApiSchema schema, string description, JsonNode? example = null, bool required = false) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter { Name = name, In = where, Schema = schema, Description = description, Example = example, Required = required });
            return Task.CompletedTask;
        });

    /// <summary>It reads a JSON body by itself.</summary>
    /// <typeparam name="T">The body's form.</typeparam>
    /// <param name="route">The endpoint.</param>
    /// <param name="example">A right body.</param>
    /// <param name="required">Whether it may not be left out.</param>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route, string example, bool required = true) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var media = new OpenApiMediaType { Schema = await ComponentAsync<T>(context, cancellationToken), Example = JsonNode.Parse(example) };
            operation.RequestBody = new OpenApiRequestBody { Required = required, Content = Content("application/json", media) };
        });

    /// <summary>It reads a form with one field.</summary>
    public static RouteHandlerBuilder ReadsForm(this RouteHandlerBuilder route, string field) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var form = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string>(StringComparer.Ordinal) { field },
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { [field] = Text() },
            };
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content("application/x-www-form-urlencoded", new OpenApiMediaType { Schema = form }) };
            return Task.CompletedTask;
        });

    /// <summary>It answers with JSON lines of the given form.</summary>
    /// <typeparam name="T">The form of each line.</typeparam>
    public static RouteHandlerBuilder Streams<T>(this RouteHandlerBuilder route, string description) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            operation.Responses ??= [];
            if (!operation.Responses.TryGetValue("200", out var known) || known is not OpenApiResponse response)
            {
                operation.Responses["200"] = response = new OpenApiResponse();
            }

            response.Description = description;
            response.Content ??= Content("text/plain", new OpenApiMediaType());
            response.Content[LogStream.NdJson] = new OpenApiMediaType { Schema = await ComponentAsync<T>(context, cancellationToken) };
        });

    public static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    public static OpenApiSchema Count() => new() { Type = JsonSchemaType.Integer, Minimum = "0" };

    /// <summary>A schema with a name of its own in the document.</summary>
    public static async Task<IOpenApiSchema> ComponentAsync<T>(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(T), cancellationToken: cancellationToken);
        var name = ApiDocument.SchemaName(typeof(T).Name);
        context.Document!.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, context.Document);
    }

    private static Dictionary<string, OpenApiMediaType> Content(string type, OpenApiMediaType media) => new(StringComparer.Ordinal) { [type] = media };
}
