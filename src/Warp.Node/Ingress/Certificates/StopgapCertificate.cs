using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Ingress.Certificates;

/// <summary>A certificate that nobody vouches for: what a handshake uses while there is no better one, so that a client gets an answer.</summary>
internal static class StopgapCertificate
{
    private const string Name = "warp-ingress.invalid";

    /// <summary>Makes one, in memory.</summary>
    public static ServerCertificate Make(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        return ServerCertificate.FromPem(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
