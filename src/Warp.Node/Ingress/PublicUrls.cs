using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Http;

namespace Warp.Node.Ingress;

/// <summary>Which public URLs a service has, by the settings that all nodes share.</summary>
/// <param name="domains">What URLs are under.</param>
/// <param name="httpsPort">The port of the ingress, 1 to 65535.</param>
public sealed class PublicUrls(BaseDomains domains, int httpsPort) : IPublicUrls
{
    /// <summary>The port that a URL need not name.</summary>
    public const int HttpsDefault = 443;

    /// <summary>The domains.</summary>
    public BaseDomains Domains => domains;

    /// <inheritdoc/>
    public ImmutableArray<string> Of(DeploymentName deployment, ServiceView service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.Public && !domains.IsEmpty ? [.. HostsOf(deployment, service.Service, service.BaseUrl, service.Domains).Select(UrlOf)] : [];
    }

    /// <summary>The host names of a service, in lower case: that under its base domain first, unless there is no such domain, then its own domains.</summary>
    public ImmutableArray<string> HostsOf(DeploymentName deployment, ServiceName service, string? baseUrl, ImmutableArray<string> ownDomains)
    {
        var own = ownDomains.Select(domain => domain.ToLowerInvariant());
        return domains.Of(baseUrl) is { } domain
            ? [.. own.Prepend($"{PublicHostName.Label(service, deployment)}.{domain}").Distinct(StringComparer.Ordinal)]
            : [.. own.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The URL of a host.</summary>
    public string UrlOf(string host) => httpsPort == HttpsDefault ? $"https://{host}" : string.Create(CultureInfo.InvariantCulture, $"https://{host}:{httpsPort}");
}
