using System.Net;
using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Interception;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class ConnectionCounterTests
{
    private static readonly Ipv4Address s_db = Ipv4Address.Parse(DbAddress);
    private static readonly Ipv4Address s_app = Ipv4Address.Parse(AppAddress);

    [Fact]
    public async Task Connections_into_a_container_count_whichever_way_they_came_and_not_those_out_of_it()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);
        (await CountAsync(bed)).ShouldBe((0, 0));

        using var translated = await ConnectAsync(bed.App, DbIst);
        (await CountAsync(bed)).ShouldBe((1, 0));
        using var relayed = await ConnectAsync(bed.Host, DbAddress, source: CacheIst);
        using var direct = await ConnectAsync(bed.Host, DbAddress);
        (await CountAsync(bed)).ShouldBe((3, 0));

        relayed.Shutdown(SocketShutdown.Send);
        await EndAsync(relayed);
        translated.Shutdown(SocketShutdown.Send);
        await EndAsync(translated);
        await Eventually.Is(async () => await CountAsync(bed) == (1, 0), "those that ended on both sides do not count");
    }

    [Fact]
    public async Task A_closed_port_leaves_nothing_behind()
    {
        using var bed = new RunnerBed();
        (await Dial.TcpAsync(bed.App, DbIst, 9)).Reached.ShouldBe(Reached.Refused);
        (await CountAsync(bed)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Nothing_to_count_is_no_failure()
    {
        using var bed = new RunnerBed();
        (await new ConnectionCounter(bed.Host).CountAsync([], CancellationToken.None)).Failure.ShouldBeNull();
    }

    private static async Task<(int Db, int App)> CountAsync(RunnerBed bed)
    {
        var counts = await new ConnectionCounter(bed.Host).CountAsync([s_db, s_app], CancellationToken.None);
        counts.Failure.ShouldBeNull();
        return (counts.ByAddress[s_db], counts.ByAddress[s_app]);
    }

    private static async Task<Socket> ConnectAsync(NetworkNamespace from, string address, string? source = null)
    {
        var socket = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        if (source is not null)
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        }

        await socket.ConnectAsync(address, Port);
        return socket;
    }

    private static async Task EndAsync(Socket socket)
    {
        var buffer = new byte[256];
        while (await socket.ReceiveAsync(buffer) > 0)
        {
            // The greeting, then the end.
        }
    }
}
