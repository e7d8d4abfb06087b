using System.Net.Http.Json;
using Warp.Node.Http;
using Warp.Node.Http.Documents;
using Warp.Node.Http.Endpoints;
using Warp.Node.Security;

namespace Warp.Node.Ingress.Certificates;

/// <summary>Has certificates signed where the cluster's CA is: here, else by the control node that holds it.</summary>
/// <param name="local">Signs where the CA is here.</param>
/// <param name="remote">Asks the control nodes.</param>
internal sealed class ClusterIssuer(AuthoritySigner local, AuthorityClient remote) : ICertificateIssuer
{
    /// <inheritdoc/>
    public Task<IssuanceResult> IssueAsync(string requestPem, CancellationToken cancellationToken) => local.HasAuthority
        ? local.IssueAsync(requestPem, cancellationToken)
        : remote.AskAsync(IngressEndpoints.Certificates, () => JsonContent.Create(new SigningDocument(requestPem), ManagementJson.Default.SigningDocument), cancellationToken);
}
