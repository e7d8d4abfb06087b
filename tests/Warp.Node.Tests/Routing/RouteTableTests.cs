using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly RunnerId Here = RunnerId.Parse("here");
    private static readonly RunnerId There = RunnerId.Parse("there");
    private static readonly RunnerId Elsewhere = RunnerId.Parse("elsewhere");
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly Ipv4Address App = Ipv4Address.Parse("10.201.0.1");
    private static readonly Ipv4Address Db = Ipv4Address.Parse("10.201.0.2");
    private static readonly Ipv4Address Container = Ipv4Address.Parse("172.30.0.2");

    [Fact]
    public void A_container_gets_to_the_runner_of_its_target()
    {
        var route = Table(Routes()).ResolveEntry(Container, Db);
        route.Refusal.ShouldBe(RouteRefusal.None);
        var way = route.Way.ShouldNotBeNull();
        way.Here.ShouldBeEmpty();
        var target = way.Elsewhere.ShouldHaveSingleItem();
        target.Caller.ShouldBe(new InstanceId(Shop, Name("app"), 0, 3));
        target.Target.ShouldBe(Name("db"));
        target.Peer.Runner.ShouldBe(There);
    }

    [Fact]
    public void The_same_question_gets_the_same_object()
    {
        var table = Table(Routes());
        table.ResolveEntry(Container, Db).Way.ShouldBeSameAs(table.ResolveEntry(Container, Db).Way);
    }

    [Theory]
    [InlineData("172.30.0.9", "10.201.0.2", RouteRefusal.UnknownCaller, true)]
    [InlineData("172.30.0.2", "10.201.0.9", RouteRefusal.UnknownTarget, false)]
    public void What_is_not_known_is_refused(string caller, string destination, RouteRefusal refusal, bool mayChange) =>
        Table(Routes()).ResolveEntry(Ipv4Address.Parse(caller), Ipv4Address.Parse(destination)).ShouldBe(new EntryRoute(null, refusal) { MayChange = mayChange });

    [Fact]
    public void A_target_without_a_placement_or_a_known_runner_is_not_placed()
    {
        Table(Routes(db: [])).ResolveEntry(Container, Db).ShouldBe(Refused(RouteRefusal.NotPlaced));
        Table(Routes(db: [Instance("db", 1, RunnerId.Parse("nowhere"))])).ResolveEntry(Container, Db)
            .ShouldBe(Refused(RouteRefusal.NotPlaced) with { MayChange = true });
    }

    [Fact]
    public void A_target_on_this_runner_that_cannot_take_a_connection_is_waited_for() =>
        Table(Routes(db: [Instance("db", 1, Here)])).ResolveEntry(Container, Db).ShouldBe(Refused(RouteRefusal.NotRunning));

    [Fact]
    public void A_peer_that_hosts_the_caller_gets_to_the_container()
    {
        var route = Table(Routes()).ResolveExit(There, Request(caller: "db", generation: 1, target: "app"));
        (route.Instance?.Address, route.CallerIstAddress, route.Refusal).ShouldBe((Container, Db, RouteRefusal.None));
    }

    [Theory]
    [InlineData("there", 1, RouteRefusal.None, false)]
    [InlineData("elsewhere", 1, RouteRefusal.CallerNotThere, false)]
    [InlineData("there", 2, RouteRefusal.CallerNotThere, true)]
    [InlineData("elsewhere", 2, RouteRefusal.CallerNotThere, true)]
    public void Only_the_runner_and_generation_of_the_placement_are_let_in_and_a_newer_one_may_be_right_soon(string peer, long generation, RouteRefusal refusal, bool mayChange)
    {
        var route = Table(Routes()).ResolveExit(RunnerId.Parse(peer), Request(caller: "db", generation, target: "app"));
        (route.Refusal, route.MayChange).ShouldBe((refusal, mayChange));
    }

    [Fact]
    public void A_target_that_does_not_run_here_is_refused_with_hope()
    {
        var stopped = Table(Routes(app: [Instance("app", 3, Here)])).ResolveExit(There, Request("db", 1, "app"));
        (stopped.Refusal, stopped.HoldSeconds).ShouldBe((RouteRefusal.NotRunning, 10));
        var moved = Table(Routes(app: [Instance("app", 3, Elsewhere)])).ResolveExit(There, Request("db", 1, "app"));
        (moved.Refusal, moved.MayChange).ShouldBe((RouteRefusal.NotPlaced, true));
    }

    [Fact]
    public void A_way_stays_allowed_until_its_caller_or_target_is_replaced()
    {
        var holder = new RouteHolder(Here);
        holder.Publish(Routes());
        var target = holder.ResolveEntry(Container, Db).Way!.Elsewhere[0];
        holder.StillAllows(target).ShouldBeTrue();
        holder.Publish(Routes());
        holder.StillAllows(target).ShouldBeTrue();
        holder.Publish(Routes(app: [Instance("app", 4, Here, Container)]));
        holder.StillAllows(target).ShouldBeFalse();
        holder.Publish(Routes(db: [Instance("db", 2, Elsewhere)]));
        holder.StillAllows(target).ShouldBeFalse();
        holder.Publish(RunnerRoutes.Empty(Here));
        holder.StillAllows(target).ShouldBeFalse();
    }

    [Fact]
    public void What_did_not_change_is_taken_over_from_the_table_before()
    {
        var routes = Routes();
        var first = Table(routes);
        var way = first.ResolveEntry(Container, Db).Way;
        var next = RouteTable.Build(new RunnerRoutes(Here, routes.Deployments, routes.Peers), first);
        next.ResolveEntry(Container, Db).Way.ShouldBeSameAs(way);
        var moved = RouteTable.Build(routes with { Peers = [.. routes.Peers.Select(p => p with { Tunnel = new NodeEndpoint("moved", 1) })] }, next);
        moved.ResolveEntry(Container, Db).Way!.Elsewhere[0].Peer.Tunnel.Host.ShouldBe("moved");
    }

    private static EntryRoute Refused(RouteRefusal refusal) => new(null, refusal) { HoldSeconds = 10, Caller = new InstanceId(Shop, Name("app"), 0, 3), Target = Name("db") };

    private static RouteTable Table(RunnerRoutes routes) => RouteTable.Build(routes, previous: null);

    private static RunnerRoutes Routes(ImmutableArray<InstanceRoute>? app = null, ImmutableArray<InstanceRoute>? db = null) => new(
        Here,
        [
            new DeploymentRoutes(Shop, null,
            [
                new ServiceRoute(Name("app"), App, app ?? [Instance("app", 3, Here, Container)]),
                new ServiceRoute(Name("db"), Db, db ?? [Instance("db", 1, There)]),
            ]),
        ],
        [Peer(Here), Peer(There), Peer(Elsewhere)]);

    private static InstanceRoute Instance(string service, long generation, RunnerId runner, Ipv4Address? container = null) =>
        new(new InstanceId(Shop, Name(service), 0, generation), runner, container);

    private static Peer Peer(RunnerId runner) => new(runner, new NodeEndpoint(runner.Value, 4054), new NodeEndpoint(runner.Value, 8558));

    private static OpenRequest Request(string caller, long generation, string target) => new(Shop, Name(caller), 0, generation, Name(target), 80);

    private static ServiceName Name(string name) => ServiceName.Parse(name);
}
