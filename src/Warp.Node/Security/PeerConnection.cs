using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;

namespace Warp.Node.Security;

/// <summary>HTTPS between nodes: this node shows its certificate, and the other end has to prove, by the same check as on the tunnel, that it is the wanted runner.</summary>
internal static class PeerConnection
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes the handler of an HTTP client that speaks to one runner only.</summary>
    /// <param name="credentials">What this node proves itself with and trusts.</param>
    /// <param name="wanted">The only runner that may answer.</param>
    /// <param name="refused">Called with the reason, for a person, when somebody else does.</param>
    public static SocketsHttpHandler Handler(NodeCredentials credentials, RunnerId wanted, Action<string> refused) => new()
    {
        ConnectTimeout = ConnectTimeout,
        UseProxy = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = [credentials.Certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.Certificate,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                var reason = Refusal(certificate as X509Certificate2, credentials, wanted);
                if (reason is not null)
                {
                    refused(reason);
                }

                return reason is null;
            },
        },
    };

    private static string? Refusal(X509Certificate2? certificate, NodeCredentials credentials, RunnerId wanted)
    {
        var check = PeerIdentity.Check(certificate, credentials);
        return check.Identity switch
        {
            null => check.Reason,
            { Kind: WarpIdentityKind.Runner } peer when string.Equals(peer.Name, wanted.Value, StringComparison.Ordinal) => null,
            var peer => $"{peer} answers there",
        };
    }
}
