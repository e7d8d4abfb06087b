using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warp.Lab.Databases;

/// <summary>A database server's certificate for its address, its CA, and another CA: files in the server's folder.</summary>
internal sealed class ServerCertificate
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public ServerCertificate(string folder, IPAddress address)
    {
        CertificateFile = Path.Combine(folder, "server.crt");
        KeyFile = Path.Combine(folder, "server.key");
        AuthorityFile = Path.Combine(folder, "ca.crt");
        ForeignAuthorityFile = Path.Combine(folder, "other-ca.crt");
        using var authority = Authority("CN=database authority");
        using var foreign = Authority("CN=another authority");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(ForeignAuthorityFile, foreign.ExportCertificatePem());
        Issue(authority, address);
    }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public string AuthorityFile { get; }

    public string ForeignAuthorityFile { get; }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private void Issue(X509Certificate2 authority, IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=database", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(CertificateFile, issued.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(KeyFile, OwnerOnly);
    }
}
