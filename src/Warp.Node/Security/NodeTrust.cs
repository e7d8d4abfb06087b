using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The node's certificates as the cluster sees them: when they end, and what an operator should look at.</summary>
/// <param name="credentials">The certificates.</param>
/// <param name="renewal">Renews them.</param>
/// <param name="data">The data folder that may hold the CA.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Where removals are written.</param>
internal sealed class NodeTrust(FileCredentialSource credentials, CertificateRenewal renewal, DataFolder data, TimeProvider clock, ILogger log) : INodeTrust
{
    /// <summary>From when on the end of the node's own certificate is warned of.</summary>
    public static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(30);

    // A node that has just started is not a member yet: nobody signs for it in its first seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    /// <inheritdoc/>
    public RunnerCertificates Certificates
    {
        get
        {
            var (node, tunnel) = (credentials.Current, credentials.Tunnel.Current);
            return new RunnerCertificates(
                CertificateTimes.EndOf(node.Certificate),
                ReferenceEquals(node, tunnel) ? null : CertificateTimes.EndOf(tunnel.Certificate),
                Enrolment.Of(node.Certificate),
                [.. new[] { node, tunnel, credentials.Remoting }.OfType<NodeCredentials>().Select(held => AuthorityId.IssuerOf(held.Certificate)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                [.. node.Authorities.Select(AuthorityId.Of).Order(StringComparer.Ordinal)],
                ClusterAuthority.IsIn(data));
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => [.. Removal(), .. Expiry(), .. Renewal()];

    /// <inheritdoc/>
    public Task TakeAsync(ClusterTrust trust, CancellationToken cancellationToken) => Task.Run(() => Take(trust), cancellationToken);

    private void Take(ClusterTrust trust)
    {
        try
        {
            var before = credentials.Current;
            if (!credentials.Take(trust))
            {
                return;
            }

            if (credentials.Current.Authorities != before.Authorities)
            {
                log.LogInformation("The cluster trusts {Count} CAs now; {Signing} signs", credentials.Current.Authorities.Length, credentials.Signing);
            }

            if (credentials.Current.Removed != before.Removed)
            {
                log.LogWarning("Removed from the cluster: {Runners}; their certificates are refused from now on", string.Join(", ", credentials.Current.Removed.All.Select(one => one.Runner)));
                foreach (var problem in Removal())
                {
                    log.LogError("{Problem}", problem);
                }
            }
        }
        catch (OperatorException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private IEnumerable<string> Removal()
    {
        var node = credentials.Current;
        if (node.Removed.Find(node.Runner, Enrolment.Of(node.Certificate)) is { } removal)
        {
            yield return $"{node.Runner} was removed from the cluster on {removal.At.UtcDateTime:u}: no other node talks to this one any more, and its containers go on alone. "
                + "Stop it and remove its data folder; to let the machine in again, run 'warp runner add' where the CA is and 'warp join' here";
        }
    }

    private IEnumerable<string> Expiry()
    {
        var node = credentials.Current;
        if (CertificateTimes.EndOf(node.Certificate) is var end && end - clock.GetUtcNow() < ExpiryWarning)
        {
            yield return $"the certificate of {node.Runner} ends on {end:u}, and after that no other node talks to this one: see why it was not renewed, or add the runner again";
        }
    }

    private ImmutableArray<string> Renewal()
    {
        if (clock.GetUtcNow() - _started < Patience || renewal.Failures.IsEmpty)
        {
            return [];
        }

        return ReferenceEquals(credentials.Current, credentials.Tunnel.Current)
            ? [.. renewal.Failures, "tunnels use the node's own certificate, because theirs has ended or was never issued; traffic goes on"]
            : renewal.Failures;
    }
}
