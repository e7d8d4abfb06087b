using System.Net;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Ingress.Certificates;
using Warp.Node.Security;
using Warp.Node.Tests.Ingress.Bed;
using Xunit;

namespace Warp.Node.Tests.Ingress.Certificates;

public sealed class HandshakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_any_certificate_a_stopgap_serves_and_the_problem_says_why()
    {
        await using var bed = await IngressBed.StartAsync();

        (await ShownAsync(bed, "app-shop.apps.test")).ShouldBe("CN=warp-ingress.invalid");

        await Eventually.Is(() => bed.Server.Problems.Any(problem => problem.Contains("*.apps.test", StringComparison.Ordinal)), "the problem is told");
    }

    [Fact]
    public async Task A_file_that_comes_changes_or_goes_is_in_force_without_a_restart()
    {
        await using var bed = await IngressBed.StartAsync();
        var (first, second) = (Pem.Make("*.apps.test"), Pem.Make("*.apps.test"));
        Pem.Write(bed.Folder["own"], "site", first);
        await Eventually.Is(async () => string.Equals(await SerialAsync(bed), Serial(first.Certificate), StringComparison.Ordinal), "the first is in force");

        Pem.Write(bed.Folder["own"], "site", second);
        await Eventually.Is(async () => string.Equals(await SerialAsync(bed), Serial(second.Certificate), StringComparison.Ordinal), "the second is in force");

        Pem.WriteKey(bed.Folder["own"], "site", "no key");
        await Eventually.Is(() => bed.Server.Problems.Any(problem => problem.Contains("site.crt", StringComparison.Ordinal)), "the wrong file is named");
        (await SerialAsync(bed)).ShouldBe(Serial(second.Certificate));
    }

    [Fact]
    public async Task The_certificate_for_the_host_wins_over_the_wildcard_and_an_unknown_name_still_gets_an_answer()
    {
        await using var bed = await IngressBed.StartAsync();
        var (wildcard, exact) = (Pem.Make("*.apps.test", TimeSpan.FromDays(60)), Pem.Make("app-shop.apps.test"));
        Pem.Write(bed.Folder["own"], "wildcard", wildcard);
        Pem.Write(bed.Folder["own"], "exact", exact);

        await Eventually.Is(async () => string.Equals(await SerialAsync(bed), Serial(exact.Certificate), StringComparison.Ordinal), "the exact one is used");
        (await SerialAsync(bed, "db-shop.apps.test")).ShouldBe(Serial(wildcard.Certificate));
        using var client = bed.Client();
        (await client.GetAsync(new Uri("https://unknown.test/"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_clusters_CA_issues_what_is_missing_and_a_client_that_trusts_it_accepts_the_host()
    {
        using var authority = Authority();
        var signer = Signer();
        await using var bed = await IngressBed.StartAsync(signer);
        using var trusted = X509CertificateLoader.LoadCertificate(X509Certificate2.CreateFromPem(authority.CertificatePem).RawData);
        using var client = new HttpClient(TrustingHandler(bed, trusted));

        await Eventually.Is(
            async () =>
            {
                try
                {
                    return (await client.GetAsync(new Uri("https://app-shop.apps.test/"))).StatusCode == HttpStatusCode.NotFound;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "a handshake that verifies chain and name succeeds");
        File.Exists(Path.Combine(bed.Folder["issued"], "_wildcard.apps.test.key")).ShouldBeTrue();
        File.GetUnixFileMode(Path.Combine(bed.Folder["issued"], "_wildcard.apps.test.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        bed.Server.Problems.ShouldBeEmpty();
    }

    private static SocketsHttpHandler TrustingHandler(IngressBed bed, X509Certificate2 trusted)
    {
        var handler = bed.Handler();
        handler.SslOptions = new() { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck } };
        return handler;
    }

    private ClusterAuthority Authority()
    {
        var data = new DataFolder(_folder["data"]);
        data.Create();
        var authority = ClusterAuthority.Create("test", TimeProvider.System);
        authority.Save(data);
        return authority;
    }

    private AuthoritySigner Signer()
    {
        var domains = new BaseDomains(IngressBed.Domain, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("eu", "eu.test"));
        return new AuthoritySigner(RunnerId.Parse("r1"), new DataFolder(_folder["data"]), domains, new(new(domains, 443), new TcpDialer()), TimeProvider.System);
    }

    private static async Task<string?> SerialAsync(IngressBed bed, string host = "app-shop.apps.test")
    {
        string? serial = null;
        using var client = bed.Client(seen: certificate => serial = certificate.SerialNumber);
        using var answer = await client.GetAsync(new Uri($"https://{host}/"));
        return serial;
    }

    private static async Task<string?> ShownAsync(IngressBed bed, string host)
    {
        string? subject = null;
        using var client = bed.Client(seen: certificate => subject = certificate.Subject);
        using var answer = await client.GetAsync(new Uri($"https://{host}/"));
        return subject;
    }

    private static string Serial(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.SerialNumber;
    }
}
