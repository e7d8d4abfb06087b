using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warp.Bench.Compare;

/// <summary>The certificate files that every TLS peer uses: a CA and one certificate (ECDSA P-256) for each host.</summary>
/// <param name="Folder">Where they are.</param>
internal sealed record BenchCredentials(string Folder)
{
    /// <summary>The host name in the server side's certificate.</summary>
    internal const string ServerName = "host-b.bench";

    /// <summary>The runner in the client side's certificate.</summary>
    internal const string ClientRunner = "a";

    /// <summary>The runner in the server side's certificate.</summary>
    internal const string ServerRunner = "b";

    private const string ClientName = "host-a.bench";
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);
    private static readonly TimeSpan Validity = TimeSpan.FromDays(2);

    internal string Authority => Path.Combine(Folder, "ca.pem");

    internal string ClientCertificate => Path.Combine(Folder, "a.pem");

    internal string ClientKey => Path.Combine(Folder, "a.key");

    internal string ServerCertificate => Path.Combine(Folder, "b.pem");

    internal string ServerKey => Path.Combine(Folder, "b.key");

    /// <summary>Makes the files.</summary>
    internal static async Task<BenchCredentials> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        var credentials = new BenchCredentials(Directory.CreateDirectory(Path.Combine(folder, "certificates")).FullName);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var start = DateTimeOffset.UtcNow - Margin;
        using var authority = request.CreateSelfSigned(start, start + Validity);
        await File.WriteAllTextAsync(credentials.Authority, authority.ExportCertificatePem(), cancellationToken);
        await credentials.IssueAsync(authority, ClientName, ClientRunner, cancellationToken);
        await credentials.IssueAsync(authority, ServerName, ServerRunner, cancellationToken);
        return credentials;
    }

    private async Task IssueAsync(X509Certificate2 authority, string name, string runner, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddUri(new Uri($"warp://bench/runner/{runner}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(16));
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{runner}.pem"), certificate.ExportCertificatePem(), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{runner}.key"), key.ExportPkcs8PrivateKeyPem(), cancellationToken);
    }
}
