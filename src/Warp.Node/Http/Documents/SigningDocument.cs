namespace Warp.Node.Http.Documents;

/// <summary>A node asks for a certificate of its ingress.</summary>
/// <param name="Request">PKCS #10, PEM; its DNS names are the hosts.</param>
internal sealed record SigningDocument(string Request);

/// <summary>The certificate.</summary>
/// <param name="Certificate">X.509, PEM.</param>
internal sealed record SignedDocument(string Certificate);
