using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>Signs the certificates of nodes where the cluster's CA is: for the runner that the presented certificate names, and for nobody else.</summary>
/// <param name="credentials">Whom this node is and trusts.</param>
/// <param name="data">The data folder that may hold the CA.</param>
/// <param name="tunnelLife">How long a tunnel's certificate is valid.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeSigner(ICredentialSource credentials, DataFolder data, TimeSpan tunnelLife, TimeProvider time) : INodeCertificateIssuer
{
    /// <summary>Whether the CA is here.</summary>
    public bool HasAuthority => ClusterAuthority.IsIn(data);

    /// <inheritdoc/>
    public Task<IssuanceResult> IssueAsync(X509Certificate2 presented, NodeCertificatePurpose purpose, string requestPem, CancellationToken cancellationToken) =>
        Task.Run(() => Issue(presented, purpose, requestPem), cancellationToken);

    private IssuanceResult Issue(X509Certificate2 presented, NodeCertificatePurpose purpose, string requestPem)
    {
        var check = PeerIdentity.Check(presented, credentials.Current);
        if (check.Identity is not { Kind: WarpIdentityKind.Runner } runner)
        {
            return IssuanceResult.Refused(check.Reason ?? $"{check.Identity} is no node: only a node's own certificate gets another one");
        }

        if (SigningRequest.ReadKey(requestPem, out var problem) is not { } key)
        {
            return IssuanceResult.Refused(problem!);
        }

        try
        {
            using var authority = ClusterAuthority.Load(data, time);
            return IssuanceResult.Issued(purpose switch
            {
                NodeCertificatePurpose.Tunnel => authority.IssueTunnel(runner with { Kind = WarpIdentityKind.Tunnel }, presented, key, tunnelLife),
                _ => authority.RenewRunner(presented, key),
            });
        }
        catch (OperatorException failure)
        {
            return IssuanceResult.Refused(failure.Message);
        }
    }
}
