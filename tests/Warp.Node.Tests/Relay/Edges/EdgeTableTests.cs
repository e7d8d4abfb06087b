using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Edges;
using Xunit;

namespace Warp.Node.Tests.Relay.Edges;

public sealed class EdgeTableTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void What_several_loops_count_is_told_as_one()
    {
        var table = new EdgeTable(10, Long, writers: 2);
        table.Of(Edge("db", 5432), 0).Connected(4_000);
        table.Of(Edge("db", 5432), 1).Connected(6_000);
        table.Of(Edge("db", 5432), 1).AddSent(7);
        table.Of(Edge("db", 5432), 0).Failed(EdgeFailure.Refused);

        var edge = table.Read().ShouldHaveSingleItem();
        (edge.Counts.Open, edge.Counts.Connected, edge.Counts.ConnectMicroseconds, edge.Counts.BytesSent).ShouldBe((2, 2, 10_000, 7));
        edge.Counts.Connects.ShouldBe([1, 1, 0, 0, 0]);
        edge.Counts.Failures[(int)EdgeFailure.Refused].ShouldBe(1);
    }

    [Fact]
    public void Beyond_the_limit_edges_count_together_and_nothing_is_lost()
    {
        var table = new EdgeTable(limit: 10, Long, writers: 1);
        for (var i = 0; i < 1000; i++)
        {
            table.Of(Edge($"s{i}", 80), 0).Connected(1);
        }

        var edges = table.Read();
        edges.Length.ShouldBe(11);
        edges.Sum(edge => edge.Counts.Connected).ShouldBe(1000);
        edges[^1].Deployment.ShouldBeNull();
        edges[^1].Counts.Connected.ShouldBe(990);
    }

    [Fact]
    public void Somebody_who_tries_all_ports_of_a_service_leaves_room_for_others()
    {
        var table = new EdgeTable(limit: 100, Long, writers: 1);
        for (var port = 1; port < 60_000; port++)
        {
            table.Of(Edge("db", port), 0).Failed(EdgeFailure.Refused);
        }

        table.Of(Edge("cache", 6379), 0).Connected(1);

        var edges = table.Read();
        edges.Length.ShouldBeLessThan(40);
        edges.Sum(edge => edge.Counts.Failures[(int)EdgeFailure.Refused]).ShouldBe(59_999);
        edges.ShouldContain(edge => edge.Target == ServiceName.Parse("cache") && edge.Port == 6379);
        edges.ShouldContain(edge => edge.Target == ServiceName.Parse("db") && edge.Port == EdgeView.OtherPorts);
    }

    [Fact]
    public void An_edge_that_was_silent_for_long_is_forgotten_unless_something_is_open()
    {
        var table = new EdgeTable(10, TimeSpan.FromMilliseconds(-1), writers: 1);
        table.Of(Edge("db", 5432), 0).Connected(1);
        var over = table.Of(Edge("cache", 6379), 0);
        over.Connected(1);
        over.Over();

        table.Read().ShouldHaveSingleItem().Target.ShouldBe(ServiceName.Parse("db"));
    }

    private static EdgeName Edge(string target, int port) => new(DeploymentName.Parse("shop"), ServiceName.Parse("app"), ServiceName.Parse(target), port);
}
