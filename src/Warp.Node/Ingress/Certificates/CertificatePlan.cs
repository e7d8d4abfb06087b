using System.Collections.Immutable;
using Warp.Node.Configuration;

namespace Warp.Node.Ingress.Certificates;

/// <summary>Which certificates the cluster's CA has to issue for this node. Pure.</summary>
internal static class CertificatePlan
{
    // Renewed at two thirds of its life, so that a third is left to notice that it does not work.
    private const double RenewAt = 2.0 / 3;

    /// <summary>The sets of names, each for one certificate, that are needed: a wildcard for each base domain, and each host outside of them.</summary>
    /// <param name="domains">The base domains.</param>
    /// <param name="hosts">Every host that leads somewhere.</param>
    /// <param name="own">The certificates that the operator gave; what they cover is not asked for.</param>
    public static ImmutableArray<ImmutableArray<string>> Needed(BaseDomains domains, IEnumerable<string> hosts, ImmutableArray<ServerCertificate> own)
    {
        var wildcards = domains.All.Select(domain => ImmutableArray.Create($"*.{domain}", domain)).Where(names => own.All(certificate => !certificate.Names.Contains(names[0], StringComparer.Ordinal)));
        var others = hosts.Where(host => !domains.All.Any(domain => IsDirectlyBelow(host, domain)) && own.All(certificate => !certificate.Covers(host)))
            .Order(StringComparer.Ordinal)
            .Select(host => ImmutableArray.Create(host));
        return [.. wildcards.Concat(others)];
    }

    /// <summary>Whether a certificate has to be asked for: there is none for these names, or it is old.</summary>
    public static bool IsDue(ImmutableArray<string> names, ImmutableArray<ServerCertificate> issued, DateTimeOffset now) =>
        !issued.Any(certificate => names.All(name => certificate.Names.Contains(name, StringComparer.Ordinal)) && now < RenewalOf(certificate));

    private static DateTimeOffset RenewalOf(ServerCertificate certificate)
    {
        var (from, to) = (new DateTimeOffset(certificate.Leaf.NotBefore), new DateTimeOffset(certificate.Leaf.NotAfter));
        return from + ((to - from) * RenewAt);
    }

    private static bool IsDirectlyBelow(string host, string domain) =>
        host.EndsWith($".{domain}", StringComparison.Ordinal) && !host.AsSpan(0, host.Length - domain.Length - 1).Contains('.');
}
