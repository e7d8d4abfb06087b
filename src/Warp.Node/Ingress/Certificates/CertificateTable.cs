using System.Collections.Frozen;
using System.Net.Security;

namespace Warp.Node.Ingress.Certificates;

/// <summary>Which certificate a handshake uses, by the name that the client asks for (SNI, RFC 6066, 3); immutable. One look-up for a name, one more for its wildcard.</summary>
internal sealed class CertificateTable
{
    private readonly FrozenDictionary<string, ServerCertificate> _byName;
    private readonly ServerCertificate _otherwise;

    private CertificateTable(FrozenDictionary<string, ServerCertificate> byName, ServerCertificate otherwise) => (_byName, _otherwise) = (byName, otherwise);

    /// <summary>Makes a table.</summary>
    /// <param name="certificates">In the order in which they are preferred; of two for one name the first is used.</param>
    /// <param name="otherwise">For clients that ask for no name, or for one that nobody has a certificate for.</param>
    public static CertificateTable Of(IEnumerable<ServerCertificate> certificates, ServerCertificate otherwise)
    {
        var byName = new Dictionary<string, ServerCertificate>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            foreach (var name in certificate.Names)
            {
                byName.TryAdd(name, certificate);
            }
        }

        return new CertificateTable(byName.ToFrozenDictionary(StringComparer.Ordinal), otherwise);
    }

    /// <summary>What a handshake for this name uses.</summary>
    /// <param name="serverName">From the client's hello; null or empty when it names none.</param>
    public SslServerAuthenticationOptions Select(string? serverName) => Find(serverName ?? "").Options;

    private ServerCertificate Find(string serverName)
    {
        var host = serverName.TrimEnd('.').ToLowerInvariant();
        if (_byName.TryGetValue(host, out var exact))
        {
            return exact;
        }

        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byName.TryGetValue($"*{host[dot..]}", out var wildcard) ? wildcard : _otherwise;
    }
}
