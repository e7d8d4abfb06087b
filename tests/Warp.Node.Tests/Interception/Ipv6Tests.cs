using System.Net;
using System.Net.Sockets;
using Shouldly;
using Warp.Node.Interception;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>IPv6 is the containers' own matter on their own bridge, and leads nowhere else, although the host forwards it.</summary>
public sealed class Ipv6Tests
{
    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_container_reaches_by_IPv6_its_own_deployment_and_nothing_else(bool bridgeNetfilter)
    {
        using var bed = Bed(bridgeNetfilter);
        using var host = new GreetingServer(bed.Host, "host", 80, AddressFamily.InterNetworkV6);
        using var db = new GreetingServer(bed.Db, "db", Port, AddressFamily.InterNetworkV6);
        using var outside = new GreetingServer(bed.Outside, "outside", Port, AddressFamily.InterNetworkV6);

        (await DialAsync(bed.Host, "fd00:1::1", 80)).ShouldBe(Reached.Answered);
        (await DialAsync(bed.Host, "fd00:77::2", Port)).ShouldBe(Reached.Answered);
        (await DialAsync(bed.App, "fd00:1::3", Port)).ShouldBe(Reached.Answered);

        Task<Reached>[] attempts =
        [
            DialAsync(bed.App, "fd00:1::1", 80),
            DialAsync(bed.App, "fe80::1%eth0", 80),
            DialAsync(bed.App, "fd00:77::2", Port),
            DialAsync(bed.Web, "fd00:1::3", Port),
            DialAsync(bed.Outside, "fd00:1::3", Port),
        ];
        (await Task.WhenAll(attempts)).ShouldAllBe(reached => reached == Reached.Silence);
        (await bed.Rules.ReadGuardsAsync(CancellationToken.None)).Denied[GuardReason.Ipv6].ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task A_container_does_not_become_the_hosts_router()
    {
        using var bed = Bed(bridgeNetfilter: false);
        foreach (var link in (string[])["all", "warp-t1", OutsidePort(bed)])
        {
            // Also from routers when it is one itself.
            bed.Host.Sysctl($"net.ipv6.conf.{link}.accept_ra", "2");
        }

        // The neighbour's advertisement, sent after the container's, shows that the host listens.
        await Eventually.Is(
            () =>
            {
                RouterAdvertisement.Send(bed.App);
                RouterAdvertisement.Send(bed.Outside);
                return DefaultRoutes(bed).Contains($"dev {OutsidePort(bed)}", StringComparison.Ordinal);
            },
            "the neighbour is taken as a router");

        DefaultRoutes(bed).ShouldNotContain("dev warp-t1");
    }

    private static RunnerBed Bed(bool bridgeNetfilter)
    {
        var bed = new RunnerBed(bridgeNetfilter);
        bed.Host.Sysctl("net.ipv6.conf.all.forwarding", "1");
        bed.Host.Ip($"""
            addr add fe80::1/64 dev warp-t1 nodad
            addr add fd00:1::1/64 dev warp-t1 nodad
            addr add fd00:2::1/64 dev warp-t2 nodad
            addr add fd00:77::1/64 dev {OutsidePort(bed)} nodad
            """);
        Configure(bed.App, "fd00:1::2", "fd00:1::1");
        Configure(bed.Db, "fd00:1::3", "fd00:1::1");
        Configure(bed.Web, "fd00:2::2", "fd00:2::1");
        Configure(bed.Outside, "fd00:77::2", "fd00:77::1");
        return bed;
    }

    private static void Configure(NetworkNamespace guest, string address, string gateway) =>
        guest.Ip($"addr add {address}/64 dev eth0 nodad\nroute add default via {gateway}");

    private static string OutsidePort(RunnerBed bed) => PortOf(bed.Outside);

    private static string DefaultRoutes(RunnerBed bed) => Command.Run("ip", ["-n", bed.Host.Name, "-6", "route", "show", "default"]);

    private static async Task<Reached> DialAsync(NetworkNamespace from, string address, int port) =>
        (await Dial.TcpAsync(from, new IPEndPoint(from.Run(() => IPAddress.Parse(address)), port))).Reached;
}
