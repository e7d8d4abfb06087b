using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Ingress;
using Warp.Node.Ingress.Certificates;
using Warp.Node.Security;
using Warp.Node.Tests.Http;
using Warp.Node.Tests.Ingress.Bed;
using Xunit;

namespace Warp.Node.Tests.Ingress.Certificates;

public sealed class AuthoritySignerTests : IDisposable
{
    private static readonly BaseDomains Domains = new("apps.test", ImmutableSortedDictionary<string, string>.Empty.Add("eu", "eu.test"));
    private readonly TemporaryFolder _folder = new();
    private readonly ClusterAuthority _authority = ClusterAuthority.Create("bed", TimeProvider.System);
    private readonly PublicRouteTable _routes = new(new PublicUrls(Domains, 443), new TcpDialer());
    private readonly AuthoritySigner _signer;

    public AuthoritySignerTests()
    {
        var data = new DataFolder(_folder["data"]);
        data.Create();
        _authority.Save(data);
        _signer = new AuthoritySigner(RunnerId.Parse("r1"), data, Domains, _routes, TimeProvider.System);
        _routes.Publish([IngressBed.Shop(1, IngressBed.App() with { Domains = ["www.shop.test"] })]);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_signed_is_a_server_of_those_hosts_for_ninety_days_and_no_identity_of_a_node()
    {
        var result = await SignAsync("*.apps.test", "apps.test", "*.eu.test", "www.shop.test");

        using var certificate = X509Certificate2.CreateFromPem(result.CertificatePem);
        certificate.MatchesHostname("app-shop.apps.test").ShouldBeTrue();
        certificate.MatchesHostname("www.shop.test").ShouldBeTrue();
        certificate.MatchesHostname("other.test").ShouldBeFalse();
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value).ShouldBe([PeerIdentity.ServerAuthentication]);
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        (certificate.NotAfter - DateTime.Now).TotalDays.ShouldBeInRange(89, 91);
        PeerIdentity.Check(certificate, Trusting()).Identity.ShouldBeNull();
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("*.test")]
    [InlineData("evilapps.test")]
    [InlineData("www.other.test")]
    [InlineData("localhost")]
    public async Task A_name_that_is_no_public_host_is_refused(string name)
    {
        var result = await SignAsync("*.apps.test", name);

        result.CertificatePem.ShouldBeNull();
        result.Problem!.ShouldContain($"'{name}'");
    }

    [Fact]
    public async Task A_request_whose_signature_is_wrong_is_refused()
    {
        var (request, _) = SigningRequest.Make(["apps.test"]);
        var der = Convert.FromBase64String(request[PemEncoding.Find(request).Base64Data]);
        der[^1] ^= 1;

        (await _signer.IssueAsync(PemEncoding.WriteString("CERTIFICATE REQUEST", der), CancellationToken.None)).CertificatePem.ShouldBeNull();
    }

    [Fact]
    public async Task Names_other_than_hosts_are_never_signed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wish = new CertificateRequest("CN=admin", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("apps.test");
        names.AddUri(new Uri("warp://bed/admin/ops"));
        wish.CertificateExtensions.Add(names.Build());
        wish.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));

        var result = await _signer.IssueAsync(wish.CreateSigningRequestPem(), CancellationToken.None);

        using var certificate = X509Certificate2.CreateFromPem(result.CertificatePem);
        certificate.Subject.ShouldBe("CN=Warp ingress");
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        PeerIdentity.Check(certificate, Trusting()).Identity.ShouldBeNull();
    }

    [Fact]
    public async Task A_node_without_the_CA_says_who_has_it()
    {
        var elsewhere = new AuthoritySigner(RunnerId.Parse("r2"), new DataFolder(_folder["none"]), Domains, _routes, TimeProvider.System);
        (await elsewhere.IssueAsync(SigningRequest.Make(["apps.test"]).RequestPem, CancellationToken.None)).Problem!.ShouldContain("warp init");
    }

    [Fact]
    public async Task A_runner_may_ask_over_the_management_API_and_a_stranger_may_not()
    {
        await using var bed = await ManagementBed.StartAsync(authority: _authority);
        await bed.StopServerAsync();
        bed.Certificates = _signer;
        await bed.StartServerAsync();
        var (request, _) = SigningRequest.Make(["apps.test"]);

        using var signed = await PostAsync(bed, bed.Runner("beta"), "beta", request);
        signed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await signed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("certificate").GetString()!.ShouldStartWith("-----BEGIN CERTIFICATE-----");

        (await PostAsync(bed, bed.Runner("beta"), "gamma", request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(bed, null, "beta", request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(bed, bed.Runner("beta"), "beta", "nonsense")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await PostAsync(bed, bed.Runner("beta"), "beta", "")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<HttpResponseMessage> PostAsync(ManagementBed bed, X509Certificate2? caller, string origin, string request)
    {
        using var client = bed.Client(caller);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/warp/v1/ingress/certificates") { Content = JsonContent.Create(new { request }) };
        message.Headers.Add("Warp-Passed-On-By", origin);
        return await client.SendAsync(message);
    }

    private Task<IssuanceResult> SignAsync(params string[] names) => _signer.IssueAsync(SigningRequest.Make(names).RequestPem, CancellationToken.None);

    private NodeCredentials Trusting()
    {
        var issued = _authority.IssueRunner("bed", RunnerId.Parse("r1"), "127.0.0.1");
        return CredentialsReader.Read("bed", RunnerId.Parse("r1"), issued.CertificatePem, issued.KeyPem, _authority.CertificatePem, "test");
    }
}
