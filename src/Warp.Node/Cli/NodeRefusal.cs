using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli;

/// <summary>A node's refusal in the node's own words.</summary>
internal static class NodeRefusal
{
    /// <summary>Reads it from an answer that is not a success.</summary>
    public static async Task<OperatorException> OfAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        new(Code(answer.StatusCode), await ReasonAsync(answer, cancellationToken));

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync(ManagementJson.Default.Problem, cancellationToken);
            return problem switch
            {
                null => $"The node answered {(int)answer.StatusCode}.",
                { Errors: [_, _, ..] } => $"{problem.Title}:{string.Concat(problem.Errors.Select(error => $"\n  {error.Field}: {error.Message}"))}",
                _ => $"{problem.Title}: {problem.Detail}",
            };
        }
        catch (JsonException)
        {
            return $"The node answered {(int)answer.StatusCode} without a reason.";
        }
    }

    private static ExitCode Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => ExitCode.Usage,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Forbidden => ExitCode.Forbidden,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCode.Conflict,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };
}
