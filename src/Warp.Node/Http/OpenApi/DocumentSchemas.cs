using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Warp.Node.Http.AkkaManagement;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.OpenApi;

/// <summary>What the schemas of answers say beyond the types: every field that is always written is required.</summary>
internal static class DocumentSchemas
{
    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true) is [AllowedValuesAttribute allowed])
        {
            schema.Enum = [.. allowed.Values.OfType<string>().Select(value => (JsonNode)value)];
        }

        if (type.IsEnum || Nullable.GetUnderlyingType(type) is { IsEnum: true })
        {
            // Where null is allowed the field says so; the names are the same everywhere.
            schema.Enum = [.. (schema.Enum ?? []).Where(name => name is not null && !name.IsJsonNullSentinel())];
        }

        if (schema.Properties is { Count: > 0 } properties && IsAnswer(type))
        {
            var optional = context.JsonTypeInfo.Properties
                .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) ?? false)
                .Select(property => property.Name)
                .ToHashSet(StringComparer.Ordinal);
            schema.Required = properties.Keys.Where(name => !optional.Contains(name)).ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }

    private static bool IsAnswer(Type type) =>
        type == typeof(Problem) || type == typeof(FieldError)
        || (IsDocument(type) && !type.Name.EndsWith("Request", StringComparison.Ordinal));

    private static bool IsDocument(Type type) =>
        string.Equals(type.Namespace, typeof(ManagementJson).Namespace, StringComparison.Ordinal) || string.Equals(type.Namespace, typeof(MembersDocument).Namespace, StringComparison.Ordinal);
}
