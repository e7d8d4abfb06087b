using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Security;

/// <summary>The cluster's CA for certificates of the ingress, or the way to it.</summary>
public interface ICertificateIssuer
{
    /// <summary>Has a request signed.</summary>
    /// <param name="requestPem">A PKCS #10 request.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<IssuanceResult> IssueAsync(string requestPem, CancellationToken cancellationToken);
}

/// <summary>The cluster's CA for the certificates of nodes, or the way to it.</summary>
public interface INodeCertificateIssuer
{
    /// <summary>Has a request signed.</summary>
    /// <param name="presented">The node's own certificate, which says for whom.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="requestPem">A PKCS #10 request; only its key counts.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<IssuanceResult> IssueAsync(X509Certificate2 presented, NodeCertificatePurpose purpose, string requestPem, CancellationToken cancellationToken);
}

/// <summary>What a node's certificate is for.</summary>
public enum NodeCertificatePurpose
{
    /// <summary>The node itself: cluster, management API, renewals.</summary>
    Node,

    /// <summary>Its trunks.</summary>
    Tunnel,
}

/// <summary>A certificate, or why there is none; exactly one of the two is there.</summary>
/// <param name="CertificatePem">The signed certificate.</param>
/// <param name="Problem">For a person, with the next step.</param>
public sealed record IssuanceResult(string? CertificatePem, string? Problem)
{
    /// <summary>Signed.</summary>
    public static IssuanceResult Issued(string certificatePem) => new(certificatePem, null);

    /// <summary>Not signed.</summary>
    public static IssuanceResult Refused(string problem) => new(null, problem);
}
