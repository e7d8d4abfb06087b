using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Tests.Ingress.Certificates;

/// <summary>Certificates as an operator would bring them.</summary>
internal static class Pem
{
    public static (string Certificate, string Key) Make(string name, TimeSpan? life = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=operator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-2), now + (life ?? TimeSpan.FromDays(30)));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public static void Write(string folder, string name, (string Certificate, string Key) pair)
    {
        Directory.CreateDirectory(folder);
        WriteKey(folder, name, pair.Key);
        File.WriteAllText(Path.Combine(folder, $"{name}.crt"), pair.Certificate);
    }

    public static void WriteKey(string folder, string name, string key)
    {
        var file = Path.Combine(folder, $"{name}.key");
        File.WriteAllText(file, key);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
