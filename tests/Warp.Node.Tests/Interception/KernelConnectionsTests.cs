using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Interception;
using Warp.Node.Interception.Netlink;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class KernelConnectionsTests
{
    [Fact]
    public async Task What_the_kernel_carries_is_known_by_both_containers_and_the_port_that_was_dialled()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);
        var way = new TrackedWay(Ipv4Address.Parse(AppAddress), Ipv4Address.Parse(DbAddress), Port);
        bed.Host.Run(KernelConnections.Read).ShouldNotContainKey(way);

        using var first = await ConnectAsync(bed);
        using var second = await ConnectAsync(bed);

        bed.Host.Run(KernelConnections.Read)[way].ShouldBe(2);
    }

    private static async Task<Socket> ConnectAsync(RunnerBed bed)
    {
        var socket = bed.App.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(DbIst, Port);
        return socket;
    }
}
