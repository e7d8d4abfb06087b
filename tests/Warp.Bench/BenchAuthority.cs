using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Bench;

/// <summary>A throw-away cluster CA that makes credentials of runners.</summary>
internal sealed class BenchAuthority : IDisposable
{
    private const string Cluster = "bench";
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(Cluster, TimeProvider.System);

    /// <summary>Credentials of a runner.</summary>
    internal NodeCredentials Issue(RunnerId runner)
    {
        var (certificatePem, keyPem) = _authority.IssueRunner(Cluster, runner, "127.0.0.1");
        return Read(runner, certificatePem, keyPem, _authority.CertificatePem);
    }

    /// <summary>Credentials from their texts.</summary>
    internal static NodeCredentials Read(RunnerId runner, string certificatePem, string keyPem, string authorityPem) =>
        new(Cluster, runner, X509Certificate2.CreateFromPem(certificatePem, keyPem), certificatePem, keyPem, [X509Certificate2.CreateFromPem(authorityPem)]);

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();
}

/// <summary>Credentials that stay.</summary>
internal sealed class FixedCredentials(NodeCredentials credentials) : ICredentialSource
{
    /// <inheritdoc/>
    public NodeCredentials Current => credentials;
}
