using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Specs;

/// <summary>Reads a service's <c>domains</c>: host names that lead to its public port besides the URL it has anyway.</summary>
internal static partial class DomainsParser
{
    private const int MaxDomains = 50;
    private static readonly IdnMapping Idn = new();

    /// <summary>Lower case, in ASCII (names in other scripts as Punycode, RFC 3492), without repetitions; empty when absent.</summary>
    public static ImmutableArray<string> Read(JsonFields service)
    {
        var texts = service.Texts("domains", "an array of host names");
        if (texts.Length > MaxDomains)
        {
            service.Report("domains", $"a service has at most {MaxDomains} domains, this one has {texts.Length}");
            return [];
        }

        var domains = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < texts.Length; i++)
        {
            if (ToAscii(texts[i]) is not { } ascii || !HostName().IsMatch(ascii))
            {
                service.Report($"domains[{i}]", $"'{texts[i]}' is not a host name such as www.example.org (without scheme, port, path or '*')");
            }
            else if (!domains.Contains(ascii, StringComparer.Ordinal))
            {
                domains.Add(ascii);
            }
        }

        return domains.ToImmutable();
    }

    private static string? ToAscii(string text)
    {
        try
        {
            return Idn.GetAscii(text.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        "^(?=.{1,253}\\z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex HostName();
}
