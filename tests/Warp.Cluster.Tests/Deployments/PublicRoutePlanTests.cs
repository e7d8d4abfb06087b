using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class PublicRoutePlanTests
{
    private static readonly ServiceSpec App = Sample.Service("app");

    [Fact]
    public void A_route_is_told_once_its_port_is_known_and_leads_to_what_serves()
    {
        var story = new DeploymentStory(Sample.R1, Sample.R2).Deploy(App with { Replicas = 2 }, Sample.Service("named") with { Port = 65500 }, Sample.Service("hidden") with { Public = false });
        Routes(story).ShouldBe(["named:65500 1"]);
        story.Settle();
        Routes(story).ShouldBe(["app:5432 1,2", "named:65500 1"]);
        story.Restart();
        Routes(story).ShouldBe(["app:5432 1,2", "named:65500 1"]);
    }

    [Fact]
    public void An_image_that_says_nothing_serves_the_default_port()
    {
        var story = new DeploymentStory(Sample.R1).Deploy(App).Report(Sample.R1, observed => observed with { ImagePort = null });
        Routes(story).ShouldBe(["app:8080 1"]);
        story.View.Services[0].Port.ShouldBe(8080);
    }

    [Fact]
    public void A_new_image_with_another_port_is_followed_when_it_serves()
    {
        var story = new DeploymentStory(Sample.R1).Deploy(App).Settle().Deploy(App with { Image = "image:2" });
        story.Report(Sample.R1, observed => observed with { ImagePort = observed.Instance.Generation == 2 ? 80 : 5432, Health = InstanceHealth.Starting });
        Routes(story).ShouldBe(["app:5432 1"]);
        story.Report(Sample.R1, observed => observed with { ImagePort = observed.Instance.Generation == 2 ? 80 : 5432 });
        Routes(story).ShouldBe(["app:80 2"]);
    }

    [Fact]
    public void A_deployment_that_goes_has_none()
    {
        var story = new DeploymentStory(Sample.R1).Deploy(App).Settle();
        story.Wish(new RemoveDeployment(Sample.Shop));
        Routes(story).ShouldBeEmpty();
    }

    private static IEnumerable<string> Routes(DeploymentStory story) => PublicRoutePlan.Of(story.State).Services
        .Select(service => $"{service.Service}:{service.Port} {string.Join(',', service.Placements.Select(placement => placement.Generation))}");
}
