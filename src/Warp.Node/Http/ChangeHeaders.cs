using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Warp.Node.Http.Access;

namespace Warp.Node.Http;

/// <summary>What the headers of a changing request say: for which revision it was made (RFC 9110, 13.1), and which wish it is.</summary>
/// <param name="ExpectedRevision">From <c>If-Match</c>, or 0 from <c>If-None-Match: *</c>, and never later than what the caller's project was checked for; null: whatever is there.</param>
/// <param name="RequestId">From <see cref="RequestIdHeader"/>: the same wish sent twice is done once; null when there is none.</param>
internal sealed record ChangeHeaders(long? ExpectedRevision, string? RequestId)
{
    /// <summary>1 to 64 visible ASCII characters, chosen by the client.</summary>
    public const string RequestIdHeader = "Warp-Request-Id";

    private const int MaxRequestIdLength = 64;

    /// <param name="request">The request.</param>
    /// <param name="mayCreate">Whether the change may bring something new about; only then <c>If-None-Match</c> has a meaning.</param>
    /// <exception cref="ProblemException">A header cannot be read.</exception>
    public static ChangeHeaders Of(HttpRequest request, bool mayCreate) => new(NotAfterCheck(Expected(request.Headers, mayCreate), request.HttpContext.Features.Get<ProjectCheck>()), Id(request.Headers));

    /// <summary>The entity tag of a revision.</summary>
    public static string Tag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    // Revisions only rise: a lower one than was seen does not match any more, and a higher one would let a change through that nobody checked.
    private static long? NotAfterCheck(long? named, ProjectCheck? check) => check is null ? named : Math.Min(named ?? long.MaxValue, check.Revision);

    private static long? Expected(IHeaderDictionary headers, bool mayCreate) => (headers.IfMatch.ToString(), headers.IfNoneMatch.ToString()) switch
    {
        ("", "") => null,
        ({ Length: > 2 } text, "") when text[0] == '"' && text[^1] == '"' && long.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 0 => revision,
        ("", "*") when mayCreate => 0,
        ("", var text) => throw Wrong(HeaderNames.IfNoneMatch, mayCreate ? $"'{text}' is not '*', the only value that is understood here: there must be no such deployment yet" : "the header has no meaning here; use If-Match"),
        (var text, "") => throw Wrong(HeaderNames.IfMatch, $"'{text}' is not one revision in quotes, such as \"3\"; it is the ETag of the answer that you read the deployment from"),
        _ => throw Wrong(HeaderNames.IfMatch, "give either If-Match or If-None-Match"),
    };

    private static string? Id(IHeaderDictionary headers) => headers[RequestIdHeader] switch
    {
        [] => null,
        [{ Length: > 0 and <= MaxRequestIdLength } id] when id.All(static character => character is > ' ' and <= '~') => id,
        _ => throw Wrong(RequestIdHeader, $"one value of 1 to {MaxRequestIdLength} visible ASCII characters is expected, such as a UUID"),
    };

    private static ProblemException Wrong(string header, string message) => new(Problem.InvalidRequest(header, message));
}
