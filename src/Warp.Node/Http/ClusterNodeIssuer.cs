using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using Warp.Node.Http.Documents;
using Warp.Node.Http.Endpoints;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Has this node's certificates signed where the cluster's CA is: here, else by the control node that holds it, to which it shows the one that it has.</summary>
/// <param name="local">Signs where the CA is here.</param>
/// <param name="remote">Asks the control nodes.</param>
internal sealed class ClusterNodeIssuer(NodeSigner local, AuthorityClient remote) : INodeCertificateIssuer
{
    /// <inheritdoc/>
    public Task<IssuanceResult> IssueAsync(X509Certificate2 presented, NodeCertificatePurpose purpose, string requestPem, CancellationToken cancellationToken) => local.HasAuthority
        ? local.IssueAsync(presented, purpose, requestPem, cancellationToken)
        : remote.AskAsync(
            CertificateEndpoints.Path, () => JsonContent.Create(new NodeSigningDocument(purpose, requestPem), ManagementJson.Default.NodeSigningDocument), cancellationToken);
}
