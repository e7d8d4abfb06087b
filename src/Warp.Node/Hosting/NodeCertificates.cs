using Microsoft.Extensions.Logging;
using Warp.Cluster.Runners;
using Warp.Node.Configuration;
using Warp.Node.Http;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>What keeps the node's certificates in force and signs for others where the CA is, put together: made once per process.</summary>
internal sealed class NodeCertificates : IAsyncDisposable
{
    private readonly CertificateRenewal _renewal;

    public NodeCertificates(WarpSettings settings, FileCredentialSource credentials, IClusterAccess cluster, ILoggerFactory loggers)
    {
        var signer = new NodeSigner(credentials, settings.Data, settings.Certificates.TunnelLife, TimeProvider.System);
        var remote = new AuthorityClient(cluster, new ActorGateway(cluster, settings.Management.AskTimeout), credentials);
        Signer = signer;
        _renewal = new CertificateRenewal(credentials, new ClusterNodeIssuer(signer, remote), new RenewalTimes(TimeProvider.System), loggers.CreateLogger<CertificateRenewal>());
        Trust = new NodeTrust(credentials, _renewal, settings.Data, TimeProvider.System, loggers.CreateLogger<NodeTrust>());
    }

    /// <summary>Signs for the nodes of the cluster, where the CA is.</summary>
    public INodeCertificateIssuer Signer { get; }

    /// <summary>How the runner's actors reach it.</summary>
    public INodeTrust Trust { get; }

    /// <summary>Begins to renew.</summary>
    public void Start() => _renewal.Start();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _renewal.DisposeAsync();
}
