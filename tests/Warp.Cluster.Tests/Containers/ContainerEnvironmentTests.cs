using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Containers;

public sealed class ContainerEnvironmentTests
{
    private static readonly RunnerId Runner = RunnerId.Parse("runner-1");

    [Fact]
    public void A_container_knows_every_service_of_its_deployment_itself_included_and_who_it_is()
    {
        var app = Spec("app") with { Variables = ImmutableSortedDictionary<string, string>.Empty.Add("PGUSER", "dbuser") };
        var environment = ContainerEnvironment.Of(Shop(app, Spec("my-db")), app, Runner, null);

        environment.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGUSER"] = "dbuser",
            ["WARP_IST_app"] = "10.201.0.1",
            ["WARP_IST_my-db"] = "10.201.0.2",
            ["WARP_IST_my_db"] = "10.201.0.2",
            ["WARP_PROJECT"] = "acme",
            ["WARP_PROJECT_ID"] = "acme",
            ["WARP_ENV"] = "production",
            ["WARP_ENV_ID"] = "acme/production",
            ["WARP_DEPLOYMENT"] = "shop",
            ["WARP_DEPLOYMENT_ID"] = "shop",
            ["WARP_SERVICE"] = "app",
            ["WARP_SERVICE_ID"] = "shop/app",
            ["WARP_RUNNER"] = "runner-1",
            ["WARP_RUNNER_ID"] = "runner-1",
            ["WARP_PORT"] = "8080",
        }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(3211, 80, "3211")]
    [InlineData(null, 80, "80")]
    [InlineData(null, null, "8080")]
    public void The_port_is_the_spec_s_else_the_image_s_else_8080(int? port, int? imagePort, string expected)
    {
        var app = Spec("app") with { Port = port };
        ContainerEnvironment.Of(Shop(app), app, Runner, imagePort)["WARP_PORT"].ShouldBe(expected);
    }

    [Fact]
    public void A_user_s_variable_does_not_stand_in_for_an_injected_one()
    {
        var app = Spec("app") with { Variables = ImmutableSortedDictionary<string, string>.Empty.Add("WARP_IST_db", "6.6.6.6").Add("WARP_PORT", "1") };
        var environment = ContainerEnvironment.Of(Shop(app, Spec("db")), app, Runner, null);
        environment["WARP_IST_db"].ShouldBe("10.201.0.2");
        environment["WARP_PORT"].ShouldBe("8080");
    }

    [Fact]
    public void Every_host_name_of_every_service_leads_to_its_address() =>
        ContainerEnvironment.Hosts(Shop(Spec("app"), Spec("My_Db"))).ShouldBe(
        [
            new HostEntry("app.warp", Ipv4Address.Parse("10.201.0.1")),
            new HostEntry("My_Db.warp", Ipv4Address.Parse("10.201.0.2")),
            new HostEntry("my_db.warp", Ipv4Address.Parse("10.201.0.2")),
            new HostEntry("my-db.warp", Ipv4Address.Parse("10.201.0.2")),
        ]);

    private static Assignment Shop(params ServiceSpec[] services) => new(
        DeploymentName.Parse("shop"), 1, "acme", "production", Removed: false,
        [.. services.Select((s, i) => new ServiceAssignment(s, Ipv4Address.Parse($"10.201.0.{i + 1}"), [new Placement(0, 1, Runner)]))]);

    private static ServiceSpec Spec(string name) => new(ServiceName.Parse(name), "image", PullPolicy.Missing, [], ImmutableSortedDictionary<string, string>.Empty, null, null, 10);
}
