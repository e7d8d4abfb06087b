using System.Collections.Immutable;
using Docker.DotNet.Models;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerNetworkTests(PrivateEngine engine) : EngineTestBase(engine)
{
    [Fact]
    public async Task A_deployment_has_one_bridge_however_often_and_at_once_it_is_asked_for()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Runtime.EnsureNetworkAsync(Shop, default)));

        var network = results.Select(Value).Distinct().ShouldHaveSingleItem();
        Value(await Runtime.ListNetworksAsync(default)).ShouldBe([network]);
        network.InterfaceName.Length.ShouldBeLessThanOrEqualTo(15);
        network.Gateway.ShouldBe(SubnetPlan.GatewayOf(network.Subnet));
        var seen = await Engine.Client.Networks.InspectNetworkAsync(network.NetworkId);
        seen.Options["com.docker.network.bridge.name"].ShouldBe(network.InterfaceName);
        seen.EnableIPv6.ShouldBeFalse();
    }

    [Fact]
    public async Task A_subnet_of_another_network_or_of_a_host_route_is_stepped_over()
    {
        var pool = Ipv4Range.Parse("10.99.0.0/16");
        var foreign = await Engine.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters
        {
            Name = "foreign",
            IPAM = new IPAM { Config = [new IPAMConfig { Subnet = "10.99.0.0/25" }] },
        });
        using var connection = new DockerEngine(Options with { BridgePool = pool });
        using var runtime = new DockerRuntime(connection, () => [Ipv4Range.Parse("10.99.1.128/25")]);
        try
        {
            Value(await runtime.EnsureNetworkAsync(Shop, default)).Subnet.ShouldBe(Ipv4Range.Parse("10.99.2.0/24"));
            Value(await runtime.EnsureNetworkAsync(DeploymentName.Parse("blog"), default)).Subnet.ShouldBe(Ipv4Range.Parse("10.99.3.0/24"));
        }
        finally
        {
            await Engine.Client.Networks.DeleteNetworkAsync(foreign.ID);
        }
    }

    [Fact]
    public async Task A_subnet_that_somebody_takes_at_the_same_moment_is_stepped_over()
    {
        var created = new List<string>();
        using var connection = new DockerEngine(Options with { BridgePool = Ipv4Range.Parse("10.98.0.0/16") });
        using var first = new DockerRuntime(connection, () => []);
        using var others = new DockerEngine(Options with { BridgePool = Ipv4Range.Parse("10.98.0.0/16"), Runner = RunnerId.Parse("others") });
        using var second = new DockerRuntime(others, () => []);
        try
        {
            var networks = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? first : second).EnsureNetworkAsync(DeploymentName.Parse($"d{i}"), default)));

            networks.Select(n => Value(n).Subnet).Distinct().Count().ShouldBe(6);
        }
        finally
        {
            foreach (var i in (int[])[1, 3, 5])
            {
                _ = Value(await second.RemoveNetworkAsync(DeploymentName.Parse($"d{i}"), default));
            }
        }
    }

    [Fact]
    public async Task A_full_pool_is_a_failure_that_names_the_setting()
    {
        using var connection = new DockerEngine(Options with { BridgePool = Ipv4Range.Parse("10.97.0.0/24") });
        using var runtime = new DockerRuntime(connection, () => ImmutableArray.Create(Ipv4Range.Parse("10.97.0.0/28")));

        var failure = (await runtime.EnsureNetworkAsync(Shop, default)).Failure.ShouldNotBeNull();

        failure.Kind.ShouldBe(RuntimeFailureKind.Rejected);
        failure.Message.ShouldContain("10.97.0.0/24");
        failure.Message.ShouldContain("bridge pool");
    }

    [Fact]
    public async Task A_network_with_a_running_container_is_not_torn_away()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 100"));

        (await Runtime.RemoveNetworkAsync(Shop, default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.Rejected);

        Value(await Runtime.InspectAsync(container.ContainerId, default)).Running.ShouldBeTrue();
    }
}
