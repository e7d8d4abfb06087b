using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Ingress;
using Xunit;

namespace Warp.Node.Tests.Ingress;

public sealed class PublicUrlsTests
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly BaseDomains Domains = new("apps.test", ImmutableSortedDictionary<string, string>.Empty.Add("eu", "eu.test"));

    [Fact]
    public void The_URL_under_the_base_domain_comes_first_then_the_own_domains() =>
        new PublicUrls(Domains, 443).Of(Shop, View() with { Domains = ["Www.Shop.Test"] }).ShouldBe(["https://app-shop.apps.test", "https://www.shop.test"]);

    [Fact]
    public void A_base_URL_is_chosen_by_its_id_and_another_port_is_named() =>
        new PublicUrls(Domains, 8443).Of(Shop, View() with { BaseUrl = "eu" }).ShouldBe(["https://app-shop.eu.test:8443"]);

    [Fact]
    public void A_service_that_is_not_public_has_none() => new PublicUrls(Domains, 443).Of(Shop, View() with { Public = false }).ShouldBeEmpty();

    [Fact]
    public void Without_a_base_domain_there_are_none() => new PublicUrls(BaseDomains.None, 443).Of(Shop, View() with { Domains = ["shop.test"] }).ShouldBeEmpty();

    private static ServiceView View() => new(ServiceName.Parse("app"), "image:1", Ipv4Address.Parse("10.201.0.1"), 8080, [], null);
}
