using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

public sealed class DockerNamesTests
{
    private static readonly DockerOwner s_owner = new("c1", RunnerId.Parse("r1"));

    private static readonly Gen<ServiceName> s_service = Gen.String[1, 80].Where(text => ServiceName.TryParse(text, out _, out _)).Select(ServiceName.Parse);

    [Theory]
    [InlineData("app", "warp-shop-app-0-g3")]
    [InlineData("My_db.2", "warp-shop-My_db.2-0-g3")]
    public void A_plain_service_name_is_readable_in_the_containers_name(string service, string name) => NameOf(ServiceName.Parse(service)).ShouldBe(name);

    [Fact]
    public void Any_service_name_gives_a_name_that_the_engine_takes() => s_service.Sample(service =>
    {
        NameOf(service).ShouldMatch("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$");
        NameOf(service).Length.ShouldBeLessThan(128);
        DockerNames.Hostname(service).ShouldMatch("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$");
    });

    [Fact]
    public void Different_services_have_different_container_names() => Gen.Select(s_service, s_service).Where((a, b) => a != b)
        .Sample((a, b) => NameOf(a).ShouldNotBe(NameOf(b), StringComparer.Ordinal));

    [Fact]
    public void A_bridge_name_fits_the_kernel_and_is_the_deployments_own()
    {
        var bridge = DockerNames.Bridge(s_owner, DeploymentName.Parse("shop"));

        bridge.ShouldMatch("^warp[0-9a-f]{10}$");
        bridge.ShouldNotBe(DockerNames.Bridge(s_owner, DeploymentName.Parse("blog")), StringComparer.Ordinal);
        bridge.ShouldNotBe(DockerNames.Bridge(s_owner with { Cluster = "c2" }, DeploymentName.Parse("shop")), StringComparer.Ordinal);
    }

    private static string NameOf(ServiceName service) => DockerNames.Container(new InstanceId(DeploymentName.Parse("shop"), service, 0, 3));
}
