using System.Collections.Immutable;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Ingress.Certificates;
using Xunit;

namespace Warp.Node.Tests.Ingress.Certificates;

public sealed class CertificatePlanTests
{
    private static readonly BaseDomains Domains = new("apps.test", ImmutableSortedDictionary<string, string>.Empty.Add("eu", "eu.test"));

    [Fact]
    public void A_wildcard_for_each_base_domain_and_one_for_each_host_outside_of_them_are_needed() =>
        Names([]).ShouldBe(["*.apps.test apps.test", "*.eu.test eu.test", "deep.er.apps.test", "www.shop.test"]);

    [Fact]
    public void What_the_operator_has_is_not_asked_for() =>
        Names([Certificate("*.apps.test"), Certificate("www.shop.test")]).ShouldBe(["*.eu.test eu.test", "deep.er.apps.test"]);

    [Theory]
    [InlineData(0, false)]
    [InlineData(15, false)]
    [InlineData(25, true)]
    [InlineData(40, true)]
    public void A_certificate_is_renewed_at_two_thirds_of_its_life(int days, bool due) =>
        CertificatePlan.IsDue(["www.shop.test"], [Certificate("www.shop.test")], DateTimeOffset.UtcNow.AddDays(days)).ShouldBe(due);

    [Fact]
    public void A_name_without_a_certificate_is_due() => CertificatePlan.IsDue(["a.test"], [Certificate("b.test")], DateTimeOffset.UtcNow).ShouldBeTrue();

    private static IEnumerable<string> Names(ImmutableArray<ServerCertificate> own) =>
        CertificatePlan.Needed(Domains, ["app-shop.apps.test", "www.shop.test", "deep.er.apps.test"], own).Select(names => string.Join(' ', names));

    private static ServerCertificate Certificate(string name)
    {
        var (certificate, key) = Pem.Make(name);
        return ServerCertificate.FromPem(certificate, key);
    }
}
