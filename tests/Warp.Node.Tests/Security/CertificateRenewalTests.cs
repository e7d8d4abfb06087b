using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Security;

/// <summary>Renewal by a clock that the test moves; the pauses between looks are real and short.</summary>
public sealed class CertificateRenewalTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);
    private readonly TestClock _clock = new(DateTimeOffset.UtcNow);
    private FaultyIssuer _issuer = null!;
    private CertificateBed _bed = null!;
    private FileCredentialSource _two = null!;
    private CertificateRenewal _renewal = null!;
    private NodeTrust _trust = null!;

    public async Task InitializeAsync()
    {
        _bed = new CertificateBed(Life, clock: _clock);
        _two = _bed.Join("two");
        _issuer = new FaultyIssuer(_bed.Signer);
        var quick = TimeSpan.FromMilliseconds(10);
        _renewal = new CertificateRenewal(_two, _issuer, new RenewalTimes(_clock) { LookEvery = quick, RetryEvery = quick }, NullLogger.Instance);
        _trust = new NodeTrust(_two, _renewal, _bed.Data("two"), _clock, NullLogger.Instance);
        _renewal.Start();
        await Eventually.Is(() => _two.TunnelOnly is not null, "the first certificate of the tunnels comes");
    }

    public async Task DisposeAsync() => await _renewal.DisposeAsync();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task The_tunnels_have_a_certificate_of_their_own_which_is_renewed_at_two_thirds_and_not_before()
    {
        var first = _two.Tunnel.Current;
        first.ShouldNotBe(_two.Current);
        _clock.Forward(Life * 0.65);
        await Eventually.Never(() => !ReferenceEquals(_two.Tunnel.Current, first), "renewed before two thirds", 0.3);

        _clock.Forward(Life * 0.03);
        await Eventually.Is(() => !ReferenceEquals(_two.Tunnel.Current, first), "renewed after two thirds");

        string.Equals(_two.Tunnel.Current.KeyPem, first.KeyPem, StringComparison.Ordinal).ShouldBeFalse();
        _trust.Certificates.TunnelUntil.ShouldBe(CertificateTimes.EndOf(_two.Tunnel.Current.Certificate));
    }

    [Fact]
    public void A_node_that_starts_again_has_its_certificate_of_the_tunnels_without_asking() =>
        _bed.Restart("two").Tunnel.Current.Certificate.Thumbprint.ShouldBe(_two.Tunnel.Current.Certificate.Thumbprint);

    [Fact]
    public async Task While_nobody_signs_trunks_go_over_to_the_nodes_certificate_and_the_list_of_runners_says_so()
    {
        _issuer.Refuses = true;
        _clock.Forward(Life * 0.7);
        await Eventually.Is(() => _trust.Problems.Any(problem => problem.Contains("the CA is away", StringComparison.Ordinal)), "the list says that it is not renewed");
        _two.Tunnel.Current.ShouldNotBe(_two.Current);

        _clock.Forward(Life * 0.4);
        _two.Tunnel.Current.ShouldBe(_two.Current);
        _trust.Certificates.TunnelUntil.ShouldBeNull();
        _trust.Problems.ShouldContain(problem => problem.Contains("tunnels use the node's own certificate", StringComparison.Ordinal));

        _issuer.Refuses = false;
        await Eventually.Is(() => _trust.Problems.IsEmpty, "it is renewed when the CA is back");
        _two.Tunnel.Current.ShouldNotBe(_two.Current);
    }

    [Fact]
    public async Task The_certificate_of_the_node_is_renewed_at_two_thirds_of_its_year_with_the_same_key_and_is_on_the_disk()
    {
        var before = _two.Current;

        _clock.Forward(ClusterAuthority.CertificateLife * 0.7);
        await Eventually.Is(() => CertificateTimes.EndOf(_two.Current.Certificate) - _clock.GetUtcNow() > TimeSpan.FromDays(360), "renewed");

        _two.Current.KeyPem.ShouldBe(before.KeyPem);
        var restarted = _bed.Restart("two").Current;
        restarted.CertificatePem.ShouldBe(_two.Current.CertificatePem);
        PeerIdentity.Check(restarted.Certificate, _bed.One.Current).Identity!.Kind.ShouldBe(WarpIdentityKind.Runner);
    }

    [Fact]
    public async Task The_end_of_the_nodes_certificate_is_warned_of_thirty_days_before()
    {
        _issuer.Refuses = true;
        _clock.Forward(ClusterAuthority.CertificateLife - TimeSpan.FromDays(31));
        _trust.Problems.ShouldNotContain(problem => problem.Contains("the certificate of two ends on", StringComparison.Ordinal));
        _clock.Forward(TimeSpan.FromDays(2));
        _trust.Problems.ShouldContain(problem => problem.Contains("the certificate of two ends on", StringComparison.Ordinal));
        await Eventually.Is(() => !_renewal.Failures.IsEmpty, "the log says why it is not renewed");
    }

    [Fact]
    public void A_damaged_file_of_the_tunnels_certificate_is_left_aside()
    {
        File.WriteAllText(_bed.Data("two").TunnelCertificate, "damaged");

        var restarted = _bed.Restart("two");

        restarted.TunnelOnly.ShouldBeNull();
        restarted.Tunnel.Current.ShouldBe(restarted.Current);
    }

    /// <summary>A signer that can be away.</summary>
    private sealed class FaultyIssuer(INodeCertificateIssuer signer) : INodeCertificateIssuer
    {
        public bool Refuses { get; set; }

        public Task<IssuanceResult> IssueAsync(X509Certificate2 presented, NodeCertificatePurpose purpose, string requestPem, CancellationToken cancellationToken) =>
            Refuses ? Task.FromResult(IssuanceResult.Refused("the CA is away")) : signer.IssueAsync(presented, purpose, requestPem, cancellationToken);
    }
}
