using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http;

/// <summary>Why a request was not fulfilled: a problem details document (RFC 9457) with our list of fields as its extension member.</summary>
/// <param name="Type">Names the kind for programs; compared as text, it leads nowhere.</param>
/// <param name="Title">The kind in a few words; the same text for each occurrence.</param>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Detail">Cause and next step of this occurrence, for a person.</param>
/// <param name="Errors">What is wrong field by field; empty when no field is to blame, never null.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, ImmutableArray<FieldError> Errors)
{
    /// <summary>The media type of RFC 9457.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The type of a problem after which the change may have been taken all the same: to be sent again.</summary>
    public const string ControlPlaneUnreachableType = Prefix + ControlPlaneUnreachableKind;

    private const string Prefix = "urn:warp:problem:";
    private const string ControlPlaneUnreachableKind = "control-plane-unreachable";

    public static Problem InvalidRequest(string field, string message) =>
        New("invalid-request", "The request is wrong", StatusCodes.Status400BadRequest, $"{field}: {message}", [new(field, message)]);

    public static Problem InvalidDeployment(ImmutableArray<FieldError> errors) =>
        New("invalid-deployment", "The deployment is refused", StatusCodes.Status400BadRequest, Summary(errors), errors);

    public static Problem Forbidden(string kind, string title, string detail) => New(kind, title, StatusCodes.Status403Forbidden, detail, []);

    /// <summary>The caller is known and may not do this.</summary>
    public static Problem RoleMissing(string detail) => Forbidden("role-missing", "The caller's role does not allow this", detail);

    public static Problem TooManyRequests(string detail) => New("too-many-requests", "Too many requests", StatusCodes.Status429TooManyRequests, detail, []);

    public static Problem NotFound(string detail) => New("not-found", "There is no such thing", StatusCodes.Status404NotFound, detail, []);

    public static Problem Conflict(string detail) => New("conflict", "The present state does not allow it", StatusCodes.Status409Conflict, detail, []);

    /// <summary>The condition of If-Match or If-None-Match does not hold (RFC 9110, 15.5.13).</summary>
    public static Problem OtherRevision(string detail) => New("other-revision", "The deployment is at another revision", StatusCodes.Status412PreconditionFailed, detail, []);

    public static Problem TooLarge(long limit) => New(
        "too-large", "The request is too large", StatusCodes.Status413PayloadTooLarge, $"the body is larger than {limit / 1024 / 1024} MiB; a deployment's document is never that large", []);

    public static Problem RunnerUnreachable(string detail) => New("runner-unreachable", "The runner cannot be asked", StatusCodes.Status502BadGateway, detail, []);

    public static Problem ControlPlaneUnreachable(string detail) =>
        New(ControlPlaneUnreachableKind, "No control node answers", StatusCodes.Status503ServiceUnavailable, detail, []);

    public static Problem EngineUnavailable(string detail) => New("engine-unavailable", "The container engine does not answer", StatusCodes.Status503ServiceUnavailable, detail, []);

    public static Problem Of(int status, string title, string detail) => New($"http-{status}", title, status, detail, []);

    /// <summary>What <see cref="Type"/> says, without its prefix.</summary>
    [JsonIgnore]
    public string Kind => Type[Prefix.Length..];

    /// <summary>The answer with this problem as its body; the request remembers it.</summary>
    public IResult ToResult() => new Answer(this);

    private static Problem New(string kind, string title, int status, string detail, ImmutableArray<FieldError> errors) =>
        new(Prefix + kind, title, status, detail, errors);

    private sealed class Answer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Features.Set(problem);
            return TypedResults.Json(problem, ManagementJson.Default.Problem, MediaType, problem.Status).ExecuteAsync(httpContext);
        }
    }

    private static string Summary(ImmutableArray<FieldError> errors) => errors switch
    {
        [var only] => only.Field.Length == 0 ? only.Message : $"{only.Field}: {only.Message}",
        [var first, ..] => $"{errors.Length} things are wrong, the first: {(first.Field.Length == 0 ? first.Message : $"{first.Field}: {first.Message}")}",
        _ => "the deployment was refused without a reason",
    };
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Field">Path in the document such as <c>services[1].runner</c>, or a query parameter; empty for the whole.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record FieldError(string Field, string Message);
