using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Interception;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>What the kernel keeps away from the ports of the nodes, before anything of ours has to look at it.</summary>
public sealed class NodePortTests
{
    private const int Tunnel = 4054;
    private const string Neighbour = "192.168.77.2";

    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_container_reaches_another_runner_but_not_its_nodes_ports(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Outside, "tunnel", Tunnel);
        bed.Serve(bed.Outside, "database", 5432);
        (await Dial.TcpAsync(bed.App, Neighbour, Tunnel)).Reached.ShouldBe(Reached.Answered);

        bed.Apply(new RunnerRoutes(Routes.Self, [Shop], [new Peer(RunnerId.Parse("there"), new NodeEndpoint(Neighbour, Tunnel), new NodeEndpoint(Neighbour, 8558))]));

        (await Dial.TcpAsync(bed.App, Neighbour, Tunnel)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, Neighbour, 5432)).Reached.ShouldBe(Reached.Answered);
        (await Dial.TcpAsync(bed.Host, Neighbour, Tunnel)).Reached.ShouldBe(Reached.Answered);
        (await DeniedAsync(bed)).ShouldBe((1, 0));
    }

    [Fact]
    public async Task An_address_that_floods_a_port_of_the_node_keeps_nobody_else_from_it()
    {
        using var bed = new RunnerBed(options: new InterceptionOptions { NodeConnectionsPerSecond = 5 });
        var other = bed.AddOutsider("192.168.78.2", "192.168.78.1");
        bed.Serve(bed.Host, "tunnel", Tunnel);

        var flood = Enumerable.Range(0, 200).Select(_ => Dial.TcpAsync(bed.Outside, HostAddress, Tunnel)).ToArray();
        (await Dial.TcpAsync(other, HostAddress, Tunnel)).Reached.ShouldBe(Reached.Answered);

        (await Task.WhenAll(flood)).Count(result => result.Reached == Reached.Answered).ShouldBeInRange(1, 100);
        (await DeniedAsync(bed)).Flood.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_address_that_keeps_connections_open_keeps_nobody_else_from_the_node_and_gets_others_when_it_closes_them()
    {
        using var bed = new RunnerBed(options: new InterceptionOptions { NodeConnectionsAtOnce = 4 });
        var other = bed.AddOutsider("192.168.78.2", "192.168.78.1");
        bed.Serve(bed.Host, "tunnel", Tunnel);
        var idle = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var socket = bed.Outside.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await socket.ConnectAsync(HostAddress, Tunnel);
            idle.Add(socket);
        }

        (await Dial.TcpAsync(bed.Outside, HostAddress, Tunnel)).Reached.ShouldBe(Reached.Silence);
        (await Dial.TcpAsync(other, HostAddress, Tunnel)).Reached.ShouldBe(Reached.Answered);
        (await Dial.TcpAsync(bed.Host, "127.0.0.1", Tunnel)).Reached.ShouldBe(Reached.Answered);

        idle.ForEach(socket => socket.Dispose());
        (await Dial.TcpAsync(bed.Outside, HostAddress, Tunnel)).Reached.ShouldBe(Reached.Answered);
    }

    private static async Task<(long NodePort, long Flood)> DeniedAsync(RunnerBed bed)
    {
        var denied = (await bed.Rules.ReadGuardsAsync(CancellationToken.None)).Denied;
        return (denied.GetValueOrDefault(GuardReason.NodePort), denied.GetValueOrDefault(GuardReason.NodeFlood));
    }
}
