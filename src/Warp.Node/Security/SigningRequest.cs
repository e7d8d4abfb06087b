using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Security;

/// <summary>What a node asks the cluster's CA to sign: a key that it proves to have, and host names (PKCS #10, RFC 2986).</summary>
/// <param name="Key">The public key.</param>
/// <param name="Names">DNS names in lower case; the first label may be <c>*</c>.</param>
internal sealed record SigningRequest(PublicKey Key, ImmutableArray<string> Names)
{
    private const string EllipticCurveKey = "1.2.840.10045.2.1";
    private const string AlternativeNames = "2.5.29.17";
    private const int MaxNames = 100;

    /// <summary>Makes a key and a request for it.</summary>
    /// <returns>The request and the key, both PEM; the key is secret.</returns>
    public static (string RequestPem, string KeyPem) Make(IEnumerable<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Warp ingress", key, HashAlgorithmName.SHA256);
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            builder.AddDnsName(name);
        }

        request.CertificateExtensions.Add(builder.Build());
        return (request.CreateSigningRequestPem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Makes a request of a node for a key: whom it is for, the signer takes from the certificate that the node shows.</summary>
    public static string Of(ECDsa key) => new CertificateRequest("CN=Warp node", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>Reads a request of a node and checks its signature. Nothing is taken from it but the key.</summary>
    /// <param name="pem">The request.</param>
    /// <param name="problem">What is wrong with it; null when it is right.</param>
    /// <returns>Null when it is wrong.</returns>
    public static PublicKey? ReadKey(string pem, out string? problem) => Parse(pem, out problem)?.Key;

    /// <summary>Reads a request and checks its signature. Nothing is taken from it but the key and the DNS names.</summary>
    /// <param name="pem">The request.</param>
    /// <param name="problem">What is wrong with it; null when it is right.</param>
    /// <returns>Null when it is wrong.</returns>
    public static SigningRequest? Read(string pem, out string? problem)
    {
        if (Parse(pem, out problem) is not { } request)
        {
            return null;
        }

        problem = request.Names.Length switch
        {
            0 => "the request names no host",
            > MaxNames => $"the request names more than {MaxNames} hosts",
            _ => null,
        };
        return problem is null ? request : null;
    }

    private static SigningRequest? Parse(string pem, out string? problem)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
            var names = request.CertificateExtensions.Where(extension => string.Equals(extension.Oid?.Value, AlternativeNames, StringComparison.Ordinal))
                .SelectMany(extension => new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames())
                .Select(name => name.ToLowerInvariant())
                .Distinct(StringComparer.Ordinal)
                .Take(MaxNames + 1)
                .ToImmutableArray();
            problem = string.Equals(request.PublicKey.Oid.Value, EllipticCurveKey, StringComparison.Ordinal) ? null : "the request's key is no elliptic curve key";
            return problem is null ? new SigningRequest(request.PublicKey, names) : null;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            problem = $"the request is not a signing request (PKCS #10, PEM): {failure.Message}";
            return null;
        }
    }
}
