using Microsoft.Extensions.Primitives;

namespace Warp.Node.Ingress.Headers;

/// <summary>Headers that a Connection header names and that therefore end here (RFC 9110, 7.6.1).</summary>
internal static class HopByHop
{
    // Not for a sender to take away: what frames the message or names its target, and what the forwarder handles itself.
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Host", "Upgrade", "TE", "Trailer", "Transfer-Encoding", "close", "keep-alive" };

    /// <summary>The names in a Connection header's values.</summary>
    public static IEnumerable<string> NamedIn(StringValues connection) =>
        connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(IsName);

    private static bool IsName(string token) => !Kept.Contains(token) && token.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
