using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Endpoints;

public sealed class RunnerRoutesAssemblyTests
{
    private static readonly RunnerId Here = RunnerId.Parse("here");
    private static readonly RunnerId There = RunnerId.Parse("there");
    private static readonly RunnerId Far = RunnerId.Parse("far");
    private static readonly Ipv4Address Container = Ipv4Address.Parse("172.30.0.5");

    [Fact]
    public void Every_service_is_there_with_its_placements_and_only_what_runs_here_has_a_container_address()
    {
        var assignment = Make("shop", ("app", 3, Here), ("db", 1, There));
        var app = new InstanceId(assignment.Deployment, ServiceName.Parse("app"), 0, 3);
        var bridge = new BridgeNetwork(assignment.Deployment, "n1", "warp-shop", Ipv4Range.Parse("172.30.0.0/24"), Ipv4Address.Parse("172.30.0.1"));

        var routes = Assemble([assignment], new LocalEndpoints(bridge, Local(app)));

        var deployment = routes.Deployments.ShouldHaveSingleItem();
        deployment.Bridge.ShouldBe(bridge);
        deployment.Services.Select(s => (s.Service.Value, s.IstAddress.ToString())).ShouldBe([("app", "10.201.0.1"), ("db", "10.201.0.2")]);
        deployment.Services[0].Instances.ShouldBe([new InstanceRoute(app, Here, Container)]);
        deployment.Services[1].Instances.ShouldBe([new InstanceRoute(new InstanceId(assignment.Deployment, ServiceName.Parse("db"), 0, 1), There, null)]);
    }

    [Fact]
    public void A_container_of_another_generation_has_no_route()
    {
        var assignment = Make("shop", ("app", 3, Here));
        var older = new InstanceId(assignment.Deployment, ServiceName.Parse("app"), 0, 2);
        var routes = Assemble([assignment], new LocalEndpoints(null, Local(older)));
        routes.Deployments[0].Services[0].Instances[0].ContainerAddress.ShouldBeNull();
    }

    [Fact]
    public void A_container_that_still_runs_here_after_its_placement_moved_has_no_route()
    {
        var assignment = Make("shop", ("app", 3, There), ("web", 1, Here));
        var moved = new InstanceId(assignment.Deployment, ServiceName.Parse("app"), 0, 3);
        var routes = Assemble([assignment], new LocalEndpoints(null, Local(moved)));
        routes.Deployments[0].Services[0].Instances[0].ContainerAddress.ShouldBeNull();
    }

    [Fact]
    public void Each_placement_has_its_role_and_readiness_is_known_of_those_that_are_here()
    {
        var assignment = Make("shop", ("app", 1, Here));
        var app = assignment.Services[0] with
        {
            Placements = [new Placement(0, 1, Here, PlacementRole.Draining, FormerSpec: true), new Placement(0, 2, There), new Placement(1, 3, Here, PlacementRole.Starting)],
            Spec = assignment.Services[0].Spec with { ConnectHoldSeconds = 4 },
        };
        var starting = new InstanceId(assignment.Deployment, app.Spec.Name, 1, 3);

        var route = Assemble([assignment with { Services = [app] }], new LocalEndpoints(null, Local(starting, ready: false, imagePort: 3000))).Deployments[0].Services[0];

        route.Instances.Select(i => (i.Role, i.Ready)).ShouldBe([(PlacementRole.Draining, false), (PlacementRole.Serving, true), (PlacementRole.Starting, false)]);
        route.Instances[2].ContainerAddress.ShouldBe(Container);
        route.ConnectHoldSeconds.ShouldBe(4);
        route.PublicPort.ShouldBe(3000);
    }

    [Fact]
    public void The_public_port_is_the_specs_then_the_images_then_8080_and_none_when_it_is_not_public()
    {
        var assignment = Make("shop", ("app", 1, Here));
        int? PortOf(ServiceSpec spec) => Assemble([assignment with { Services = [assignment.Services[0] with { Spec = spec }] }], LocalEndpoints.None).Deployments[0].Services[0].PublicPort;
        PortOf(Spec("app") with { Port = 65500 }).ShouldBe(65500);
        PortOf(Spec("app")).ShouldBe(8080);
        PortOf(Spec("app") with { Port = 65500, Public = false }).ShouldBeNull();
    }

    [Fact]
    public void A_deployment_without_a_placement_here_has_no_routes() =>
        Assemble([Make("shop", ("app", 1, There)), Make("blog")], LocalEndpoints.None).Deployments.ShouldBeEmpty();

    [Fact]
    public void Tunnels_are_needed_to_those_who_share_a_deployment_with_this_runner()
    {
        var routes = Assemble([Make("shop", ("app", 1, Here), ("db", 1, There)), Make("blog", ("web", 1, Far))], LocalEndpoints.None);
        routes.Peers.Select(p => p.Runner).ShouldBe([Far, There]);
        SharedPeers.Of(routes).ShouldHaveSingleItem().Runner.ShouldBe(There);
    }

    [Fact]
    public void A_deployment_keeps_its_part_until_its_assignment_or_what_is_here_of_it_changes()
    {
        var assembly = new RunnerRoutesAssembly(Here);
        var (shop, blog) = (Make("shop", ("app", 1, Here)), Make("blog", ("web", 1, Here)));
        var first = Assemble(assembly, [shop, blog], LocalEndpoints.None);

        var moved = Assemble(assembly, [shop, Make("blog", ("web", 2, Here))], LocalEndpoints.None);
        moved.Deployments[1].ShouldBeSameAs(first.Deployments[1]);
        moved.Deployments[0].Services[0].Instances[0].Instance.Generation.ShouldBe(2);

        var app = new InstanceId(shop.Deployment, ServiceName.Parse("app"), 0, 1);
        Assemble(assembly, [shop, blog], new LocalEndpoints(null, Local(app))).Deployments[1].Services[0].Instances[0].ContainerAddress.ShouldBe(Container);
    }

    private static RunnerRoutes Assemble(IEnumerable<Assignment> assignments, LocalEndpoints shop) => Assemble(new RunnerRoutesAssembly(Here), assignments, shop);

    private static RunnerRoutes Assemble(RunnerRoutesAssembly assembly, IEnumerable<Assignment> assignments, LocalEndpoints shop) => assembly.Assemble(
        assignments.ToDictionary(a => a.Deployment),
        new Dictionary<DeploymentName, LocalEndpoints> { [DeploymentName.Parse("shop")] = shop },
        [PeerOf(There), PeerOf(Here), PeerOf(Far)]);

    private static ImmutableDictionary<InstanceId, LocalEndpoint> Local(InstanceId instance, bool ready = true, int? imagePort = null) =>
        ImmutableDictionary<InstanceId, LocalEndpoint>.Empty.Add(instance, new LocalEndpoint(Container, ready, imagePort));

    private static Peer PeerOf(RunnerId runner) => new(runner, new NodeEndpoint(runner.Value, 4054), new NodeEndpoint(runner.Value, 8558));

    private static Assignment Make(string deployment, params (string Service, long Generation, RunnerId Runner)[] services) => new(
        DeploymentName.Parse(deployment), 1, "default", "default", Removed: false,
        [.. services.Select((s, i) => new ServiceAssignment(Spec(s.Service), Ipv4Address.Parse($"10.201.0.{i + 1}"), [new Placement(0, s.Generation, s.Runner)]))]);

    private static ServiceSpec Spec(string name) => new(ServiceName.Parse(name), "image", PullPolicy.Missing, [], ImmutableSortedDictionary<string, string>.Empty, null, null, 10);
}
