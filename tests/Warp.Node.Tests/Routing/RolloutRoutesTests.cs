using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Routing;

/// <summary>Several placements of one service: which of them takes a connection, and which may go on.</summary>
public sealed class RolloutRoutesTests
{
    private static readonly RunnerId Here = RunnerId.Parse("here");
    private static readonly RunnerId There = RunnerId.Parse("there");
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly Ipv4Address AppIst = Ipv4Address.Parse("10.201.0.1");
    private static readonly Ipv4Address DbIst = Ipv4Address.Parse("10.201.0.2");
    private static readonly Ipv4Address AppContainer = Ipv4Address.Parse("172.30.0.2");

    /// <summary>Placements in the order of their rank at the exit; each is chosen when those before it are gone.</summary>
    private static readonly ImmutableArray<InstanceRoute> ExitRanks =
    [
        Db(1, Here, "172.30.0.11"),
        Db(2, Here, "172.30.0.12", PlacementRole.Starting),
        Db(3, Here, "172.30.0.13", PlacementRole.Draining),
    ];

    private static readonly ImmutableArray<InstanceRoute> EntryRanks =
    [
        Db(1, Here, "172.30.0.11"),
        Db(2, There, null),
        Db(3, Here, "172.30.0.13", PlacementRole.Starting),
        Db(4, Here, "172.30.0.14", PlacementRole.Draining),
        Db(5, There, null, PlacementRole.Draining),
        Db(6, There, null, PlacementRole.Starting),
    ];

    private static readonly ImmutableArray<InstanceRoute> Unusable =
    [
        Db(7, Here, "172.30.0.17", ready: false),
        Db(8, Here, "172.30.0.18", PlacementRole.Starting, ready: false),
        Db(9, Here, "172.30.0.19", PlacementRole.Retiring),
        Db(10, There, null, PlacementRole.Retiring),
    ];

    [Fact]
    public void The_exit_prefers_what_serves_then_what_starts_then_what_drains()
    {
        for (var first = 0; first < ExitRanks.Length; first++)
        {
            var route = Table([.. Unusable, .. ExitRanks[first..]]).ResolveExit(There, Request(callerGeneration: 1));
            route.Instance!.Instance.Generation.ShouldBe(ExitRanks[first].Instance.Generation);
        }

        var none = Table(Unusable).ResolveExit(There, Request(callerGeneration: 1));
        (none.Instance, none.Refusal, none.HoldSeconds).ShouldBe((null, RouteRefusal.NotRunning, 7));
        Table([Unusable[2]]).ResolveExit(There, Request(callerGeneration: 1)).Refusal.ShouldBe(RouteRefusal.NotPlaced);
    }

    [Fact]
    public void The_entry_prefers_what_serves_here_then_what_serves_elsewhere()
    {
        for (var first = 0; first < EntryRanks.Length; first++)
        {
            var way = Table([.. Unusable, .. EntryRanks[first..]]).ResolveEntry(AppContainer, DbIst).Way.ShouldNotBeNull();
            var isHere = EntryRanks[first].Runner == Here;
            way.Here.Select(i => i.Instance.Generation).ShouldBe(isHere ? [EntryRanks[first].Instance.Generation] : []);
            way.Elsewhere.Select(t => t.Peer.Runner).ShouldBe(isHere ? [] : [There]);
            way.CallerAddress.ShouldBe(AppIst);
        }

        var refused = Table(Unusable).ResolveEntry(AppContainer, DbIst);
        (refused.Way, refused.Refusal, refused.MayChange, refused.HoldSeconds).ShouldBe((null, RouteRefusal.NotRunning, false, 7));
    }

    [Theory]
    [InlineData(1, RouteRefusal.CallerNotThere, false)]
    [InlineData(2, RouteRefusal.None, false)]
    [InlineData(3, RouteRefusal.None, false)]
    [InlineData(4, RouteRefusal.CallerNotThere, true)]
    public void A_caller_is_known_in_every_role_and_generation(long generation, RouteRefusal refusal, bool mayChange)
    {
        var apps = ImmutableArray.Create(App(2, There, PlacementRole.Retiring), App(3, There, PlacementRole.Starting));
        var route = Table(ExitRanks, apps).ResolveExit(There, Request(generation));
        (route.Refusal, route.MayChange).ShouldBe((refusal, mayChange));
    }

    [Fact]
    public void A_generation_on_one_runner_does_not_let_another_runner_in()
    {
        var apps = ImmutableArray.Create(App(1, There, PlacementRole.Draining), App(2, Here, PlacementRole.Serving));
        Table(ExitRanks, apps).ResolveExit(There, Request(2)).ShouldBe(ExitRoute.Refused(RouteRefusal.CallerNotThere, mayChange: false));
    }

    [Theory]
    [InlineData(PlacementRole.Serving)]
    [InlineData(PlacementRole.Starting)]
    [InlineData(PlacementRole.Draining)]
    [InlineData(PlacementRole.Retiring)]
    public void What_is_open_may_go_on_while_both_ends_have_their_place_in_any_role(PlacementRole role)
    {
        var dialled = Table([Db(1, Here, "172.30.0.11")]).ResolveExit(There, Request(1)).Instance.ShouldNotBeNull();
        var caller = App(1, Here, role).Instance;

        Table([Db(1, Here, "172.30.0.11", role)]).StillAllows(There, Request(1), dialled).ShouldBeTrue();
        Table([Db(1, Here, null, role, ready: false)]).StillAllows(There, Request(1), dialled).ShouldBeTrue();
        Table([Db(1, Here, "172.30.0.99", role)]).StillAllows(There, Request(1), dialled).ShouldBeFalse();
        Table([Db(2, Here, "172.30.0.11", role)]).StillAllows(There, Request(1), dialled).ShouldBeFalse();
        Table([Db(1, Here, "172.30.0.11", role)], [App(2, There, role)]).StillAllows(There, Request(1), dialled).ShouldBeFalse();

        Table([Db(1, Here, "172.30.0.11", role)], [App(1, Here, role)]).StillAllows(caller, dialled).ShouldBeTrue();
        Table([Db(1, There, null, role)], [App(1, Here, role)]).StillAllows(caller, dialled).ShouldBeFalse();
        Table([Db(1, Here, "172.30.0.11", role)], [App(2, Here, role)]).StillAllows(caller, dialled).ShouldBeFalse();
    }

    [Fact]
    public void Connections_are_counted_from_one_snapshot_to_the_next()
    {
        var first = Table([Db(1, Here, "172.30.0.11")]);
        var dialled = first.ResolveExit(There, Request(1)).Instance.ShouldNotBeNull();
        dialled.Connections.Add();
        var next = RouteTable.Build(Snapshot([Db(1, Here, "172.30.0.11", PlacementRole.Draining), Db(2, Here, "172.30.0.12", ready: false)], [App(1, There)]), first);
        next.ResolveExit(There, Request(1)).Instance.ShouldBeSameAs(dialled);

        var remote = Table([Db(1, There, null)], [App(1, Here)]);
        remote.ResolveEntry(AppContainer, DbIst).Way!.Elsewhere[0].Connections.Add();
        var moved = Snapshot([Db(2, There, null)], [App(1, Here)]);
        moved = moved with { Peers = [.. moved.Peers.Select(p => p with { Tunnel = new NodeEndpoint("moved", 1) })] };
        RouteTable.Build(moved, remote).ResolveEntry(AppContainer, DbIst).Way!.Elsewhere[0].Connections.Open.ShouldBe(1);
    }

    [Fact]
    public void The_exit_spreads_connections_evenly_over_its_instances()
    {
        var table = Table([Db(1, Here, "172.30.0.11"), Db(1, Here, "172.30.0.12", ordinal: 1), Db(1, Here, "172.30.0.13", ordinal: 2)]);
        var chosen = Enumerable.Range(0, 30).Select(_ =>
        {
            var instance = table.ResolveExit(There, Request(1)).Instance!;
            instance.Connections.Add();
            return instance;
        }).ToArray();

        chosen.Distinct().Count().ShouldBe(3);
        chosen.ShouldAllBe(i => i.Connections.Open == 10);
        chosen[0].Connections.Remove();
        table.ResolveExit(There, Request(1)).Instance.ShouldBeSameAs(chosen[0]);
    }

    [Fact]
    public void What_serves_on_another_runner_too_is_not_waited_for_here()
    {
        var route = Table([Db(1, Here, "172.30.0.11", ready: false), Db(1, There, null, ordinal: 1)]).ResolveExit(There, Request(1));
        route.ShouldBe(ExitRoute.Refused(RouteRefusal.NotRunning, mayChange: false));
    }

    [Fact]
    public void A_public_port_that_is_the_images_may_be_right_until_there_is_a_container()
    {
        var ingress = OpenRequest.OfIngress(Shop, ServiceName.Parse("db"), 5432);
        Table([Db(1, Here, null)]).ResolveExit(There, ingress).ShouldBe(ExitRoute.Refused(RouteRefusal.NotRunning, mayChange: false, 7));
        Table([Db(1, Here, "172.30.0.11")]).ResolveExit(There, ingress).Refusal.ShouldBe(RouteRefusal.NotPublic);
    }

    [Theory]
    [InlineData("db", 80, RouteRefusal.None)]
    [InlineData("db", 81, RouteRefusal.NotPublic)]
    [InlineData("app", 80, RouteRefusal.NotPublic)]
    [InlineData("other", 80, RouteRefusal.UnknownTarget)]
    public void The_ingress_gets_to_the_public_port_and_nowhere_else(string service, int port, RouteRefusal refusal)
    {
        var route = Table([Db(1, Here, "172.30.0.11")]).ResolveExit(RunnerId.Parse("anyone"), OpenRequest.OfIngress(Shop, ServiceName.Parse(service), port));
        (route.Refusal, route.CallerIstAddress).ShouldBe((refusal, null));
    }

    private static RouteTable Table(ImmutableArray<InstanceRoute> db, ImmutableArray<InstanceRoute> app = default) =>
        RouteTable.Build(Snapshot(db, app.IsDefault ? [App(1, There), App(1, Here, ordinal: 1)] : app), previous: null);

    private static RunnerRoutes Snapshot(ImmutableArray<InstanceRoute> db, ImmutableArray<InstanceRoute> app) => new(
        Here,
        [
            new DeploymentRoutes(Shop, null,
            [
                new ServiceRoute(ServiceName.Parse("app"), AppIst, app),
                new ServiceRoute(ServiceName.Parse("db"), DbIst, db, ConnectHoldSeconds: 7, PublicPort: 80),
            ]),
        ],
        [Peer(Here), Peer(There)]);

    private static InstanceRoute Db(
        long generation, RunnerId runner, string? container, PlacementRole role = PlacementRole.Serving, bool ready = true, int ordinal = 0) => new(
        new InstanceId(Shop, ServiceName.Parse("db"), ordinal, generation), runner, container is null ? null : Ipv4Address.Parse(container), role, ready);

    private static InstanceRoute App(long generation, RunnerId runner, PlacementRole role = PlacementRole.Serving, int ordinal = 0) => new(
        new InstanceId(Shop, ServiceName.Parse("app"), ordinal, generation), runner, runner == Here ? AppContainer : null, role);

    private static Peer Peer(RunnerId runner) => new(runner, new NodeEndpoint(runner.Value, 4054), new NodeEndpoint(runner.Value, 8558));

    private static OpenRequest Request(long callerGeneration) => new(Shop, ServiceName.Parse("app"), 0, callerGeneration, ServiceName.Parse("db"), 80);
}
