using System.Collections.Immutable;
using System.Net;

namespace Warp.Node.Names;

/// <summary>Reads the name servers from the text of a <c>resolv.conf</c> (resolv.conf(5)). Everything else there is the client's business.</summary>
internal static class ResolvConf
{
    // As many as the C library asks.
    private const int MaxServers = 3;
    private static readonly char[] s_blanks = [' ', '\t'];

    /// <summary>The name servers in their order; when none is named, this host's own, as the C library does.</summary>
    public static ImmutableArray<IPAddress> Parse(IEnumerable<string> lines)
    {
        IPAddress[] named =
        [
            .. lines
                .Select(line => line.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length >= 2 && string.Equals(words[0], "nameserver", StringComparison.Ordinal))
                .Select(words => IPAddress.TryParse(words[1], out var address) ? address : null)
                .OfType<IPAddress>()
                .Take(MaxServers),
        ];
        return named.Length == 0 ? [IPAddress.Loopback] : [.. named];
    }
}
