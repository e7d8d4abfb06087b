using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Security;

/// <summary>A CA by its key, as certificates name it (RFC 5280, 4.2.1.1 and 4.2.1.2): hexadecimal, lower case.</summary>
internal static class AuthorityId
{
    /// <summary>Of a CA's own certificate.</summary>
    public static string Of(X509Certificate2 authority) =>
        authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifier?.ToLowerInvariant() ?? "";

    /// <summary>Of the CA that signed a certificate; empty when the certificate does not say.</summary>
    public static string IssuerOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } id ? Convert.ToHexStringLower(id.Span) : "";
}
