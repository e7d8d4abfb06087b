using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Security;

public sealed class PeerIdentityTests : IDisposable
{
    private static readonly string[] BothUsages = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
    private readonly X509Certificate2 _authority = Authority();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_certificate_of_our_CA_proves_its_runner() =>
        Check(["warp://shop/runner/beta"]).Identity.ShouldBe(new WarpIdentity("shop", WarpIdentityKind.Runner, "beta"));

    [Fact]
    public void No_certificate_is_refused() => PeerIdentity.Check(null, Trusting()).Reason.ShouldNotBeNull();

    [Fact]
    public void A_foreign_CA_is_refused_even_with_the_same_name()
    {
        using var foreign = Authority();
        using var certificate = Issue(foreign, ["warp://shop/runner/beta"], BothUsages, TimeSpan.FromDays(1));

        Refused(PeerIdentity.Check(certificate, Trusting()), "not valid in this cluster");
    }

    [Fact]
    public void A_certificate_that_signs_itself_is_refused()
    {
        using var self = Authority();

        Refused(PeerIdentity.Check(self, Trusting()), "not valid in this cluster");
    }

    [Fact]
    public void An_expired_certificate_is_refused() => Refused(Check(["warp://shop/runner/beta"], life: TimeSpan.FromHours(-1)), "not valid in this cluster");

    [Theory]
    [InlineData(-25)]
    [InlineData(-10)]
    [InlineData(0)]
    [InlineData(10)]
    public void A_clock_that_differs_by_minutes_does_not_make_a_new_certificate_one_of_the_future(int minutesAhead) =>
        CheckIssuedBy(TimeSpan.FromMinutes(minutesAhead), after: TimeSpan.Zero).Identity!.Name.ShouldBe("beta");

    [Theory]
    [InlineData(-10)]
    [InlineData(0)]
    [InlineData(10)]
    public void A_clock_that_differs_by_minutes_does_not_make_a_certificate_in_its_last_minute_an_expired_one(int minutesAhead) =>
        CheckIssuedBy(TimeSpan.FromMinutes(minutesAhead), after: ClusterAuthority.CertificateLife - TimeSpan.FromMinutes(1)).Identity!.Name.ShouldBe("beta");

    [Theory]
    [InlineData(-35, 0)]
    [InlineData(20, 365)]
    public void A_clock_that_differs_by_more_than_the_tolerance_is_refused(int minutesAhead, int daysAfter) =>
        Refused(CheckIssuedBy(TimeSpan.FromMinutes(minutesAhead), TimeSpan.FromDays(daysAfter)), "not valid in this cluster");

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1")]
    [InlineData("1.3.6.1.5.5.7.3.2")]
    [InlineData("1.3.6.1.5.5.7.3.4")]
    public void A_certificate_without_both_usages_is_refused(string only) => Refused(Check(["warp://shop/runner/beta"], [only]), "not valid in this cluster");

    [Fact]
    public void Another_cluster_of_the_same_CA_is_refused() => Refused(Check(["warp://other/runner/beta"]), "belongs to the cluster 'other'");

    [Theory]
    [InlineData("https://shop/runner/beta")]
    [InlineData("warp://shop/runner/beta/more")]
    [InlineData("warp://shop/owner/beta")]
    [InlineData("warp://shop/runner/Be%20ta")]
    public void A_name_of_another_form_is_refused(string uri) => Refused(Check([uri]), "not a Warp identity");

    [Fact]
    public void No_name_is_refused() => Refused(Check([]), "carries 0 URI names");

    [Fact]
    public void Two_names_are_refused() => Refused(Check(["warp://shop/runner/alpha", "warp://shop/runner/beta"]), "carries 2 URI names");

    /// <summary>What a runner says whose clock is ahead of the CA's, so long after the certificate was issued.</summary>
    private static PeerIdentityResult CheckIssuedBy(TimeSpan ahead, TimeSpan after)
    {
        var clock = new TestClock(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
        using var authority = ClusterAuthority.Create("shop", clock);
        var issued = authority.IssueRunner("shop", RunnerId.Parse("beta"), "192.0.2.2");
        var beta = CredentialsReader.Read("shop", RunnerId.Parse("beta"), issued.CertificatePem, issued.KeyPem, authority.CertificatePem, "test");
        clock.Forward(after + ahead);
        return PeerIdentity.Check(beta.Certificate, beta with { Clock = clock });
    }

    private static void Refused(PeerIdentityResult result, string why)
    {
        result.Identity.ShouldBeNull();
        result.Reason.ShouldNotBeNull().ShouldContain(why);
    }

    private PeerIdentityResult Check(string[] uris, string[]? usages = null, TimeSpan? life = null)
    {
        using var certificate = Issue(_authority, uris, usages ?? BothUsages, life ?? TimeSpan.FromDays(1));
        return PeerIdentity.Check(certificate, Trusting());
    }

    private NodeCredentials Trusting() => new("shop", RunnerId.Parse("alpha"), _authority, "", "", [_authority]);

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Warp cluster shop", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string[] uris, string[] usages, TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=beta", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("beta");
        foreach (var uri in uris)
        {
            names.AddUri(new Uri(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow + life, [1, 2, 3]);
    }
}
