using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;
using Warp.Node.Docker;

namespace Warp.Node.Images.Logins;

/// <summary>The name of a registry as image references carry it.</summary>
internal static partial class RegistryHost
{
    private const string HubHost = "index.docker.io";

    /// <summary>Reads what a person writes: a host with or without port; a URL's scheme and path are dropped, the hub's names become one.</summary>
    /// <param name="text">Such as <c>registry.example.org:5000</c> or <c>https://ghcr.io/</c>.</param>
    /// <param name="host">Lower case.</param>
    /// <param name="problem">Why it is none, for a person.</param>
    public static bool TryParse(string text, out string host, [NotNullWhen(false)] out string? problem)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        host = (scheme < 0 ? text : text[(scheme + 3)..]).Split('/')[0].ToLowerInvariant();
        host = host is HubHost or "registry-1.docker.io" or "hub.docker.com" ? ImageReference.DefaultRegistry : host;
        problem = Form().IsMatch(host) ? null : $"'{text}' is not a registry: write its host, and its port if it has one, as image names begin with it (registry.example.org:5000)";
        return problem is null;
    }

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]{2,45}\])(:\d{1,5})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Form();
}
