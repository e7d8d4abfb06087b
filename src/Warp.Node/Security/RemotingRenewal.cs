namespace Warp.Node.Security;

/// <summary>When remoting, which reads the certificate once, has to be started anew for the node's next one. Pure.</summary>
internal static class RemotingRenewal
{
    // The next one comes when a third of a year is left; most nodes are restarted before this is.
    private static readonly TimeSpan Rest = TimeSpan.FromDays(30);

    /// <summary>Whether what it shows ends soon, or is from a CA that no longer signs, and the node has a better one.</summary>
    public static bool IsDue(FileCredentialSource credentials, DateTimeOffset now)
    {
        if (credentials.Remoting?.Certificate is not { } shown || ReferenceEquals(shown, credentials.Current.Certificate))
        {
            return false;
        }

        var current = credentials.Current.Certificate;
        return !string.Equals(AuthorityId.IssuerOf(shown), AuthorityId.IssuerOf(current), StringComparison.Ordinal)
            || (CertificateTimes.EndOf(shown) - now < Rest && CertificateTimes.EndOf(current) > CertificateTimes.EndOf(shown));
    }
}
