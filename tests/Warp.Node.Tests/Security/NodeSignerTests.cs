using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Tls;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Security;

public sealed class NodeSignerTests : IDisposable
{
    private readonly CertificateBed _bed = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FileCredentialSource _two;

    public NodeSignerTests() => _two = _bed.Join("two");

    public void Dispose()
    {
        _key.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public async Task A_certificate_of_a_tunnel_lives_as_long_as_is_set_and_opens_trunks()
    {
        using var tunnel = X509Certificate2.CreateFromPem((await SignAsync(NodeCertificatePurpose.Tunnel)).CertificatePem);

        (tunnel.NotAfter - DateTime.Now).TotalHours.ShouldBeInRange(11.9, 12.1);
        TrunkPeerCheck.Check(tunnel, _bed.One.Current).Peer!.Runner.ShouldBe(RunnerId.Parse("two"));
        Enrolment.Of(tunnel).ShouldBe(Enrolment.Of(_two.Current.Certificate));
    }

    [Fact]
    public async Task A_certificate_of_a_tunnel_gets_nobody_another_one()
    {
        using var tunnel = X509Certificate2.CreateFromPem((await SignAsync(NodeCertificatePurpose.Tunnel)).CertificatePem);

        var answer = await _bed.Signer.IssueAsync(tunnel, NodeCertificatePurpose.Tunnel, SigningRequest.Of(_key), CancellationToken.None);

        answer.CertificatePem.ShouldBeNull();
        answer.Problem.ShouldNotBeNull().ShouldContain("only a node's own certificate");
    }

    [Fact]
    public async Task The_next_certificate_of_a_node_has_its_names_its_enrolment_and_another_year()
    {
        using var next = X509Certificate2.CreateFromPem((await SignAsync(NodeCertificatePurpose.Node)).CertificatePem);

        PeerIdentity.Check(next, _bed.One.Current).Identity.ShouldBe(new WarpIdentity(CertificateBed.Cluster, WarpIdentityKind.Runner, "two"));
        next.MatchesHostname("10.0.0.2").ShouldBeTrue();
        Enrolment.Of(next).ShouldBe(Enrolment.Of(_two.Current.Certificate));
        Enrolment.Of(next).ShouldBeGreaterThan(0);
        (next.NotAfter - DateTime.Now).TotalDays.ShouldBeInRange(364, 366);
    }

    [Fact]
    public async Task An_administrator_gets_no_certificate_of_a_node()
    {
        var data = _bed.Data("one");
        using var admin = X509Certificate2.CreateFromPemFile(data.AdminCertificate, data.AdminKey);

        (await _bed.Signer.IssueAsync(admin, NodeCertificatePurpose.Node, SigningRequest.Of(_key), CancellationToken.None)).CertificatePem.ShouldBeNull();
    }

    [Fact]
    public async Task A_node_without_the_CA_signs_nothing_and_says_where_it_is()
    {
        var elsewhere = new NodeSigner(_two, _bed.Data("two"), TimeSpan.FromHours(12), TimeProvider.System);

        var answer = await elsewhere.IssueAsync(_two.Current.Certificate, NodeCertificatePurpose.Tunnel, SigningRequest.Of(_key), CancellationToken.None);

        answer.Problem.ShouldNotBeNull().ShouldContain("does not hold the cluster's CA");
    }

    private Task<IssuanceResult> SignAsync(NodeCertificatePurpose purpose) =>
        _bed.Signer.IssueAsync(_two.Current.Certificate, purpose, SigningRequest.Of(_key), CancellationToken.None);
}
