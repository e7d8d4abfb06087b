using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using Warp.Cluster.Identity;

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
        (certificate, _, peer, _, log) => Accept(PeerIdentity.Check(certificate, credentials.Current), peer, log));

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
