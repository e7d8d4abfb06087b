using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>
/// Renews the node's certificates at two thirds of their lives, and when another CA signs. While nobody signs, what there is stays in use, trunks go over to the node's own certificate when theirs has ended, and the
/// log and the list of runners say so.
/// </summary>
internal sealed class CertificateRenewal : IAsyncDisposable
{
    private readonly FileCredentialSource _credentials;
    private readonly INodeCertificateIssuer _issuer;
    private readonly RenewalTimes _times;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public CertificateRenewal(FileCredentialSource credentials, INodeCertificateIssuer issuer, RenewalTimes times, ILogger log) =>
        (_credentials, _issuer, _times, _log) = (credentials, issuer, times, log);

    /// <summary>Why a certificate that is due could not be renewed, for a person; empty when none is, or the last attempts worked.</summary>
    public ImmutableArray<string> Failures { get; private set; } = [];

    /// <summary>Begins.</summary>
    public void Start() => _work = KeepAsync(_stopping.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task KeepAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                Note([.. await RenewAsync(NodeCertificatePurpose.Node, stopping), .. await RenewAsync(NodeCertificatePurpose.Tunnel, stopping)]);
                await Task.Delay(Pause(), _times.Clock, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    // The look is cheap; with lives of a few seconds it has to be more frequent than the renewal.
    private TimeSpan Pause() => !Failures.IsEmpty ? _times.RetryEvery
        : _credentials.TunnelOnly is { } tunnel && CertificateTimes.LifeOf(tunnel.Certificate) / 6 is var part && part < _times.LookEvery ? part
        : _times.LookEvery;

    /// <summary>Renews one certificate when it is due.</summary>
    /// <returns>Why that failed; empty when it did not.</returns>
    private async Task<ImmutableArray<string>> RenewAsync(NodeCertificatePurpose purpose, CancellationToken stopping)
    {
        if (!IsDue(purpose))
        {
            return [];
        }

        using var key = purpose == NodeCertificatePurpose.Node ? _credentials.Current.Certificate.GetECDsaPrivateKey()! : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var result = await _issuer.IssueAsync(_credentials.Current.Certificate, purpose, SigningRequest.Of(key), stopping);
        try
        {
            return result.CertificatePem is { } certificate ? Take(purpose, certificate, key) : [$"the certificate of the {Word(purpose)} cannot be renewed: {result.Problem}"];
        }
        catch (OperatorException failure)
        {
            return [$"the renewed certificate of the {Word(purpose)} cannot be used: {failure.Message}"];
        }
    }

    private bool IsDue(NodeCertificatePurpose purpose)
    {
        var certificate = purpose == NodeCertificatePurpose.Node ? _credentials.Current.Certificate : _credentials.TunnelOnly?.Certificate;
        return certificate is null
            || (_credentials.Signing is { } signing && !string.Equals(AuthorityId.IssuerOf(certificate), signing, StringComparison.Ordinal))
            || _times.Clock.GetUtcNow() >= CertificateTimes.RenewalOf(certificate);
    }

    private ImmutableArray<string> Take(NodeCertificatePurpose purpose, string certificatePem, ECDsa key)
    {
        if (purpose == NodeCertificatePurpose.Node)
        {
            _credentials.TakeNode(certificatePem);
        }
        else
        {
            _credentials.TakeTunnel(certificatePem, key.ExportPkcs8PrivateKeyPem());
        }

        var taken = purpose == NodeCertificatePurpose.Node ? _credentials.Current : _credentials.TunnelOnly!;
        _log.LogInformation("The certificate of the {Purpose} was renewed; it ends on {End:u}", Word(purpose), taken.Certificate.NotAfter.ToUniversalTime());
        return [];
    }

    private void Note(ImmutableArray<string> failures)
    {
        foreach (var failure in failures.Except(Failures, StringComparer.Ordinal))
        {
            _log.LogWarning("{Problem}; it is tried again", failure);
        }

        Failures = failures;
    }

    private static string Word(NodeCertificatePurpose purpose) => purpose == NodeCertificatePurpose.Node ? "node" : "tunnels";
}

/// <summary>The rhythms of a <see cref="CertificateRenewal"/>; the defaults are meant for production.</summary>
/// <param name="Clock">The clock.</param>
internal sealed record RenewalTimes(TimeProvider Clock)
{
    /// <summary>How often it is looked whether a certificate is due.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How soon it is tried again when nobody signed.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(5);
}
