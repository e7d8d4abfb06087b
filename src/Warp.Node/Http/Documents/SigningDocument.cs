using Warp.Node.Security;

namespace Warp.Node.Http.Documents;

/// <summary>A node asks for a certificate of its ingress.</summary>
/// <param name="Request">PKCS #10, PEM; its DNS names are the hosts.</param>
internal sealed record SigningDocument(string Request);

/// <summary>A node asks for its next certificate.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Request">PKCS #10, PEM; only its key counts.</param>
internal sealed record NodeSigningDocument(NodeCertificatePurpose Purpose, string Request);

/// <summary>The certificate.</summary>
/// <param name="Certificate">X.509, PEM.</param>
internal sealed record SignedDocument(string Certificate);
