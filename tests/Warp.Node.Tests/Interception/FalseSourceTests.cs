using Shouldly;
using Warp.Node.Interception;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>
/// A container whose root has NET_ADMIN, or a neighbour of the host, sends from addresses that are not its own. Connection tracking would remember such a packet, and take
/// whatever is sent to its false source for an answer.
/// </summary>
public sealed class FalseSourceTests
{
    private const int Service = 5300;
    private const int Accomplice = 5555;

    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_container_that_sends_as_one_of_another_deployment_opens_no_way_to_it(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        var friend = bed.AddContainer("warp-t2", "10.208.2.3", "10.208.2.1");
        bed.Web.Ip($"addr add {DbAddress}/32 dev eth0\nroute add 10.208.2.3/32 via 10.208.2.1");

        await ShouldOpenNoWayAsync(bed, bed.Web, friend, "10.208.2.3");
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_container_that_sends_as_one_of_another_deployment_to_the_outside_opens_no_way_to_it(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Web.Ip($"addr add {DbAddress}/32 dev eth0");

        await ShouldOpenNoWayAsync(bed, bed.Web, bed.Outside, "192.168.77.2");
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_neighbour_that_sends_as_a_container_opens_no_way_to_it(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        var friend = bed.AddOutsider("192.168.78.2", "192.168.78.1");
        bed.Outside.Ip($"addr add {DbAddress}/32 dev eth0");

        await ShouldOpenNoWayAsync(bed, bed.Outside, friend, "192.168.78.2");
    }

    [Theory]
    [InlineData("10.208.1.1")]
    [InlineData(HostAddress)]
    [InlineData("10.201.0.77")]
    public async Task A_container_does_not_speak_as_the_host_or_from_the_IST_range(string source)
    {
        using var bed = new RunnerBed();
        bed.App.Ip($"addr add {source}/32 dev eth0");
        using var target = new Datagrams(bed.Outside, "192.168.77.2", Service);
        using var liar = new Datagrams(bed.App, source, Accomplice);
        using var honest = new Datagrams(bed.App, AppAddress, Accomplice);

        await liar.SendAsync("192.168.77.2", Service, "false");
        await honest.SendAsync("192.168.77.2", Service, "true");

        (await target.ReceiveAsync()).ShouldBe("true");
    }

    [Fact]
    public async Task The_loopback_of_the_host_is_not_open_to_containers_although_the_host_routes_it()
    {
        using var bed = new RunnerBed();
        bed.Host.Sysctl("net.ipv4.conf.all.route_localnet", "1");
        bed.App.Sysctl("net.ipv4.conf.all.route_localnet", "1");
        bed.App.Ip("""
            route delete table local local 127.0.0.0/8 dev lo
            route delete table local local 127.0.0.1 dev lo
            route add 127.0.0.0/8 via 10.208.1.1
            """);
        bed.Serve(bed.Host, "host", 80);

        (await Dial.TcpAsync(bed.App, "10.208.1.1", 80)).Reached.ShouldBe(Reached.Answered);
        (await Dial.TcpAsync(bed.App, "127.0.0.1", 80, source: AppAddress)).Reached.ShouldBe(Reached.Silence);
        (await bed.Rules.ReadGuardsAsync(CancellationToken.None)).Denied[GuardReason.HostPort].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_host_reaches_its_own_addresses_on_the_bridges()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Host, "host", 80);

        (await Dial.TcpAsync(bed.Host, "10.208.1.1", 80)).Reached.ShouldBe(Reached.Answered);
        (await Dial.TcpAsync(bed.Host, "10.208.1.1", 80, source: "10.208.2.1")).Reached.ShouldBe(Reached.Answered);
    }

    // The liar sends to its accomplice as db; then the accomplice sends to db, as if it answered.
    private static async Task ShouldOpenNoWayAsync(RunnerBed bed, NetworkNamespace liar, NetworkNamespace friend, string friendAddress)
    {
        using var db = new Datagrams(bed.Db, DbAddress, Service);
        using var asDb = new Datagrams(liar, DbAddress, Service);
        using var accomplice = new Datagrams(friend, friendAddress, Accomplice);
        using var app = new Datagrams(bed.App, AppAddress, Accomplice);

        await asDb.SendAsync(friendAddress, Accomplice, "as db");
        await accomplice.SendAsync(DbAddress, Service, "as an answer");
        await app.SendAsync(DbAddress, Service, "of its own deployment");

        (await db.ReceiveAsync()).ShouldBe("of its own deployment");
        (await bed.Rules.ReadGuardsAsync(CancellationToken.None)).Denied[GuardReason.FalseSource].ShouldBe(1);
    }
}
