using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.MultiNode.Tests;

/// <summary>A certificate authority that lives as long as a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string Cluster = "test";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Credentials of a runner whose peers are checked against this authority.</summary>
    public NodeCredentials Issue(RunnerId runner)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={runner}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(new WarpIdentity(Cluster, WarpIdentityKind.Runner, runner.Value).ToString()));
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_certificate, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(16));
        using var withKey = issued.CopyWithPrivateKey(key);
        return new NodeCredentials(
            Cluster, runner, X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null), issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), [_certificate]);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}

/// <summary>Credentials that never change.</summary>
internal sealed record FixedCredentials(NodeCredentials Current) : ICredentialSource;
