using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Ingress.Certificates;

/// <summary>A certificate of the ingress, ready for handshakes. Made once and used for all, so that the TLS library keeps its context.</summary>
internal sealed class ServerCertificate
{
    private ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection intermediates)
    {
        Leaf = leaf;
        Names = [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).Select(name => name.ToLowerInvariant())];
        Options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, intermediates, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }

    /// <summary>The certificate with its key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The DNS names that it is for (RFC 5280, 4.2.1.6), in lower case; the first label may be <c>*</c>.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>What a handshake with it needs.</summary>
    public SslServerAuthenticationOptions Options { get; }

    /// <summary>Reads a certificate, those that lead from it to its authority, and its key.</summary>
    /// <param name="certificatePem">The certificate first, then any intermediate ones.</param>
    /// <param name="keyPem">The key.</param>
    /// <exception cref="CryptographicException">A text is no PEM, key and certificate do not belong together, or the certificate names no host.</exception>
    public static ServerCertificate FromPem(string certificatePem, string keyPem)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        if (chain.Count == 0)
        {
            throw new CryptographicException("there is no certificate in it");
        }

        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (ArgumentException failure)
        {
            throw new CryptographicException($"the key does not belong to the certificate: {failure.Message}", failure);
        }

        chain[0].Dispose();
        chain.RemoveAt(0);
        var made = new ServerCertificate(leaf, chain);
        return made.Names.IsEmpty ? throw new CryptographicException("the certificate names no host (subject alternative name)") : made;
    }

    /// <summary>Whether the certificate is for this host name, by itself or by its wildcard (RFC 6125, 6.4.3).</summary>
    public bool Covers(string host) =>
        Names.Contains(host, StringComparer.Ordinal)
        || (host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && Names.Contains($"*{host[dot..]}", StringComparer.Ordinal));
}
