using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Tests.Relay;

/// <summary>A throw-away CA that makes node credentials.</summary>
internal sealed class TestAuthority
{
    internal const string Cluster = "test";
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddMinutes(-5);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddHours(1);
    private readonly X509Certificate2 _certificate;

    internal TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _certificate = request.CreateSelfSigned(From, Until);
    }

    internal NodeCredentials Issue(string runner) => Issue(runner, $"warp://{Cluster}/runner/{runner}", this);

    /// <summary>Credentials whose certificate says <paramref name="uri"/> and which trust <paramref name="trusted"/>.</summary>
    internal NodeCredentials Issue(string runner, string uri, TestAuthority trusted)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={runner}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var issued = request.Create(_certificate, From, Until, RandomNumberGenerator.GetBytes(8));
        var certificate = issued.CopyWithPrivateKey(key);
        return new NodeCredentials(Cluster, RunnerId.Parse(runner), certificate, issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), [trusted._certificate]);
    }
}

/// <summary>Credentials that a test can replace.</summary>
internal sealed class TestCredentials(NodeCredentials credentials) : ICredentialSource
{
    public NodeCredentials Current { get; set; } = credentials;
}
