using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;

namespace Warp.Node.Security;

/// <summary>Mutual TLS of Akka remoting. The machine's own trust store has no say: both directions pass the same check, and only runners may be members.</summary>
internal static class RemotingTls
{
    /// <summary>The setup for one actor system; remoting reads the certificate once, at its start.</summary>
    public static DotNettySslSetup Setup(ICredentialSource credentials) => new(
        credentials.Current.Certificate,
        suppressValidation: false,
        requireMutualAuthentication: true,
        validateCertificateHostname: false,
        (certificate, chain, peer, _, log) => Accept(PeerIdentity.Check(certificate, Trusting(credentials.Current, chain)), peer, log));

    // Akka ends the whole actor system when a connection that it dialled itself fails in TLS, and a member that was just removed, or a seed known from before, may still be dialled.
    // So a removed runner is not refused there: no message is addressed to it any more, and whatever it dials is refused.
    private static NodeCredentials Trusting(NodeCredentials credentials, X509Chain? chain) =>
        chain?.ChainPolicy.ApplicationPolicy.OfType<Oid>().Any(usage => string.Equals(usage.Value, PeerIdentity.ServerAuthentication, StringComparison.Ordinal)) ?? false
            ? credentials with { Removed = RemovedRunners.None }
            : credentials;

    private static bool Accept(PeerIdentityResult result, string peer, ILoggingAdapter log)
    {
        var reason = result.Identity is { Kind: not WarpIdentityKind.Runner } ? $"{result.Identity} is not a runner" : result.Reason;
        if (reason is not null)
        {
            log.Warning("Cluster connection with {0} refused: {1}", peer, reason);
        }

        return reason is null;
    }
}
