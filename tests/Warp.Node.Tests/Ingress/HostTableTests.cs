using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Ingress;
using Warp.Node.Tests.Ingress.Bed;
using Xunit;

namespace Warp.Node.Tests.Ingress;

public sealed class HostTableTests
{
    private static readonly PublicUrls Urls = new(new BaseDomains("apps.test", ImmutableSortedDictionary<string, string>.Empty), 443);
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_two_services_with_the_same_host_that_of_the_earlier_deployment_keeps_it_and_the_problem_names_both()
    {
        PublicRoutes first = IngressBed.Deployment("c", 9, IngressBed.Service("a-b")) with { FirstAccepted = Noon };
        PublicRoutes second = IngressBed.Deployment("b-c", 1, IngressBed.Service("a")) with { FirstAccepted = Noon.AddSeconds(1) };

        foreach (var routes in (PublicRoutes[][])[[first, second], [second, first]])
        {
            var table = HostTable.Build(routes, Urls);

            table.Hosts["a-b-c.apps.test"].Deployment.Value.ShouldBe("c");
            var problem = table.Problems.ShouldHaveSingleItem();
            problem.ShouldContain("'a-b' of deployment 'c'");
            problem.ShouldContain("'a' of deployment 'b-c'");
        }
    }

    [Fact]
    public void Without_knowing_which_was_first_every_node_still_decides_alike() =>
        HostTable.Build([IngressBed.Deployment("c", 9, IngressBed.Service("a-b")), IngressBed.Deployment("b-c", 1, IngressBed.Service("a"))], Urls)
            .Hosts["a-b-c.apps.test"].Deployment.Value.ShouldBe("b-c");

    [Fact]
    public void Who_lost_one_host_keeps_the_others()
    {
        var table = HostTable.Build(
            [IngressBed.Deployment("a", 1, IngressBed.Service("x") with { Domains = ["same.test"] }), IngressBed.Deployment("b", 1, IngressBed.Service("x") with { Domains = ["same.test", "own.test"] })], Urls);

        table.Hosts["same.test"].Deployment.Value.ShouldBe("a");
        table.Hosts["own.test"].Deployment.Value.ShouldBe("b");
        table.Hosts["x-b.apps.test"].Deployment.Value.ShouldBe("b");
    }

    [Fact]
    public void A_base_URL_that_nobody_set_is_a_problem_with_the_next_step()
    {
        var table = HostTable.Build([IngressBed.Shop(1, IngressBed.App() with { BaseUrl = "us" })], Urls);

        table.Hosts.ShouldBeEmpty();
        table.Problems.ShouldHaveSingleItem().ShouldContain("warp.ingress.base-urls");
    }
}
