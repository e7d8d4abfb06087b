using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Warp.Node.Http.Access;

namespace Warp.Node.Http.OpenApi;

/// <summary>What every operation may answer, and what every parameter of the same name means.</summary>
internal static class CommonAnswers
{
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["name"] = "The deployment's name.",
        ["service"] = "The service's name, percent-encoded.",
        ["runner"] = "The runner's name.",
        ["container"] = "The id of a container on that runner, as the engine gave it.",
        ["registry"] = "The registry's host, with its port when it has one.",
        ["id"] = "The volume's id.",
        ["type"] = "The entity type, such as deployment.",
        ["address"] = "The member's address, with or without the protocol in front.",
    };

    public static async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path))
        {
            parameter.Description ??= Parameters.GetValueOrDefault(parameter.Name ?? "");
        }

        var required = context.Description.ActionDescriptor.EndpointMetadata.OfType<RequiredAccess>().Single();
        if (required.Level == AccessLevel.Anyone)
        {
            return;
        }

        if (required.Level != AccessLevel.Token)
        {
            operation.Description = $"{operation.Description} Needs the role {required.Needed}.";
        }

        var problem = await Described.ComponentAsync<Problem>(context, cancellationToken);
        Add(operation, StatusCodes.Status403Forbidden, "The caller's certificate is missing or foreign, or its role does not allow this.", problem);
        Add(operation, StatusCodes.Status429TooManyRequests, "The caller asks too often; Retry-After says in how many seconds it may go on.", problem);
        Add(operation, StatusCodes.Status500InternalServerError, "An unforeseen error; the node's log has it.", problem);
    }

    private static void Add(OpenApiOperation operation, int status, string description, IOpenApiSchema problem)
    {
        operation.Responses ??= [];
        var key = status.ToString(CultureInfo.InvariantCulture);
        if (!operation.Responses.ContainsKey(key))
        {
            operation.Responses[key] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Problem.MediaType] = new() { Schema = problem } },
            };
        }
    }
}
