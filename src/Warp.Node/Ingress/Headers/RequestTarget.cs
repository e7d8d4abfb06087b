using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Warp.Node.Ingress.Headers;

/// <summary>Path and query exactly as the client wrote them: a path that is decoded and encoded again is not always the same.</summary>
internal static class RequestTarget
{
    /// <summary>The target; null when it is not in origin form (RFC 9112, 3.2.1), or holds characters that no target may.</summary>
    public static string? Of(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return raw is ['/', ..] && !raw.AsSpan().ContainsAnyExceptInRange('!', '~') && !raw.Contains('#', StringComparison.Ordinal) ? raw : null;
    }
}
