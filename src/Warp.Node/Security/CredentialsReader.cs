using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>Turns PEM texts into <see cref="NodeCredentials"/>.</summary>
internal static class CredentialsReader
{
    /// <summary>Reads the texts.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="runner">Who the certificate should speak for.</param>
    /// <param name="certificatePem">The certificate.</param>
    /// <param name="keyPem">Its key.</param>
    /// <param name="authoritiesPem">The CAs.</param>
    /// <param name="origin">The file or folder to name in an error.</param>
    /// <exception cref="OperatorException">A text is no PEM, or key and certificate do not belong together.</exception>
    public static NodeCredentials Read(string cluster, RunnerId runner, string certificatePem, string keyPem, string authoritiesPem, string origin)
    {
        try
        {
            // A certificate made from PEM has an ephemeral key; through PKCS#12 it is one that every TLS stack of the platform takes.
            using var fromPem = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), password: null);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(authoritiesPem);
            return authorities.Count > 0
                ? new NodeCredentials(cluster, runner, certificate, certificatePem, keyPem, [.. authorities])
                : throw new CryptographicException("there is no CA certificate in it");
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{origin}: certificate, key and CA cannot be read together: {failure.Message}", failure);
        }
    }

    /// <summary>Reads CAs.</summary>
    /// <exception cref="OperatorException">There is none, or one cannot be read.</exception>
    public static ImmutableArray<X509Certificate2> Authorities(ImmutableArray<string> certificates)
    {
        try
        {
            return certificates.IsEmpty ? throw new CryptographicException("there is none") : [.. certificates.Select(pem => X509Certificate2.CreateFromPem(pem))];
        }
        catch (CryptographicException failure)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"The CAs that a control node tells of cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Sees whether the cluster's peers will accept these credentials as this runner's.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="origin">The file or folder to name in an error.</param>
    /// <param name="kind">What they are for.</param>
    /// <exception cref="OperatorException">They will not.</exception>
    public static void Check(NodeCredentials credentials, string origin, WarpIdentityKind kind = WarpIdentityKind.Runner)
    {
        var result = PeerIdentity.Check(credentials.Certificate, credentials);
        var wanted = new WarpIdentity(credentials.Cluster, kind, credentials.Runner.Value);
        var reason = result.Identity is { } identity && identity != wanted ? $"it is that of {identity}" : result.Reason;
        if (reason is not null)
        {
            throw new OperatorException(
                ExitCode.NotConfigured, $"{origin}: the certificate of '{credentials.Runner}' will not be accepted in '{credentials.Cluster}': {reason}. Issue a new bundle with 'warp runner add'.");
        }
    }
}
