using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Relay.Tls;

/// <summary>Who may hold a trunk with us: another runner of this cluster, nobody else.</summary>
internal static class TrunkPeerCheck
{
    /// <summary>Checks a certificate in DER.</summary>
    internal static (WarpPeer? Peer, string? Problem) Check(ReadOnlySpan<byte> certificate, NodeCredentials credentials)
    {
        try
        {
            using var parsed = X509CertificateLoader.LoadCertificate(certificate);
            return Check(parsed, credentials);
        }
        catch (CryptographicException failure)
        {
            return (null, $"its certificate cannot be read: {failure.Message}");
        }
    }

    /// <summary>Checks a certificate.</summary>
    internal static (WarpPeer? Peer, string? Problem) Check(X509Certificate2? certificate, NodeCredentials credentials)
    {
        var result = PeerIdentity.Check(certificate, credentials);
        return result.Identity switch
        {
            null => (null, result.Reason),
            { Kind: not (WarpIdentityKind.Runner or WarpIdentityKind.Tunnel) } admin => (null, $"{admin} is no runner"),
            var identity when !RunnerId.TryParse(identity.Name, out _, out _) => (null, $"{identity} names no runner"),
            var identity when string.Equals(identity.Name, credentials.Runner.Value, StringComparison.Ordinal) =>
                (null, $"it says to be {identity.Name}, which is this runner: two nodes use the same identity"),
            var identity => (new WarpPeer(RunnerId.Parse(identity.Name), Enrolment.Of(certificate!)), null),
        };
    }
}
