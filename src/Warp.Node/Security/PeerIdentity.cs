using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Security;

/// <summary>
/// The one check of every peer's certificate, whichever TLS library or protocol brought it: chain to the cluster's CA, both usages, the identity
/// in the URI name (RFC 5280, 4.2.1.6), and that its runner was not removed. Clocks may differ by <see cref="NodeCredentials.ClockTolerance"/>.
/// </summary>
public static class PeerIdentity
{
    internal const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    internal const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);

    /// <summary>Checks a certificate.</summary>
    /// <param name="certificate">What the peer showed; null when it showed none.</param>
    /// <param name="credentials">What this node trusts.</param>
    public static PeerIdentityResult Check(X509Certificate2? certificate, NodeCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (certificate is null)
        {
            return PeerIdentityResult.Refused("the peer showed no certificate");
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(credentials.Authorities.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = CertificateTimes.Judge(certificate, credentials.Clock.GetUtcNow(), credentials.ClockTolerance);
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        chain.ChainPolicy.ApplicationPolicy.Add(new(ClientAuthentication));
        if (!chain.Build(certificate))
        {
            return PeerIdentityResult.Refused($"its certificate is not valid in this cluster: {string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()))}");
        }

        var uris = UriNames(certificate);
        return uris switch
        {
            [var uri] when WarpIdentity.TryParse(uri, out var identity) =>
                !string.Equals(identity.Cluster, credentials.Cluster, StringComparison.Ordinal)
                    ? PeerIdentityResult.Refused($"it belongs to the cluster '{identity.Cluster}', this is '{credentials.Cluster}'")
                    : Removal(identity, certificate, credentials) is { } removal
                        ? PeerIdentityResult.Refused($"{removal.Runner} was removed from the cluster on {removal.At.UtcDateTime:u}; 'warp runner add' lets the machine in again, under a new bundle")
                        : PeerIdentityResult.Accepted(identity),
            [var uri] => PeerIdentityResult.Refused($"its name '{uri}' is not a Warp identity"),
            _ => PeerIdentityResult.Refused($"its certificate carries {uris.Count} URI names; exactly one is expected"),
        };
    }

    private static RunnerRemoval? Removal(WarpIdentity identity, X509Certificate2 certificate, NodeCredentials credentials) =>
        identity.Kind == WarpIdentityKind.Admin ? null : credentials.Removed.Find(RunnerId.Parse(identity.Name), Enrolment.Of(certificate));

    private static List<string> UriNames(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                if (sequence.PeekTag().HasSameClassAndValue(UriName))
                {
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, UriName));
                }
                else
                {
                    _ = sequence.ReadEncodedValue();
                }
            }
        }

        return names;
    }
}

/// <summary>Who the peer is, or why it is refused; exactly one of the two is there.</summary>
/// <param name="Identity">The proven identity.</param>
/// <param name="Reason">Why not, for the log.</param>
public sealed record PeerIdentityResult(WarpIdentity? Identity, string? Reason)
{
    /// <summary>Proven.</summary>
    public static PeerIdentityResult Accepted(WarpIdentity identity) => new(identity, null);

    /// <summary>Refused.</summary>
    public static PeerIdentityResult Refused(string reason) => new(null, reason);
}
