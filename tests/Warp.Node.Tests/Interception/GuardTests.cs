using System.Net.NetworkInformation;
using Shouldly;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class GuardTests
{
    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Another_deployment_reaches_neither_containers_nor_IST_addresses(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Db, "db", Port);

        var container = Dial.TcpAsync(bed.Web, DbAddress, Port);
        var ist = Dial.TcpAsync(bed.Web, DbIst, Port);
        (await container).Reached.ShouldBe(Reached.Silence);
        (await ist).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, DbAddress, Port)).Reached.ShouldBe(Reached.Answered);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_neighbour_that_routes_to_the_host_reaches_nothing_of_ours(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Host, "ssh", 22);
        bed.Serve(bed.Db, "db", Port);

        var silent = new[] { Dial.TcpAsync(bed.Outside, DbAddress, Port), Dial.TcpAsync(bed.Outside, DbIst, Port), Dial.TcpAsync(bed.Outside, CacheIst, 22) };
        (await Task.WhenAll(silent)).ShouldAllBe(result => result.Reached == Reached.Silence);
        (await Dial.TcpAsync(bed.Outside, HostAddress, InterceptPort)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.Outside, "10.208.1.1", InterceptPort)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.Outside, HostAddress, 22)).Reached.ShouldBe(Reached.Answered);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Containers_reach_only_the_open_ports_of_the_host_and_may_ping_it(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        foreach (var port in new[] { 22, 80, 443, 8558, InterceptPort })
        {
            bed.Serve(bed.Host, "host", port);
        }

        foreach (var address in new[] { "10.208.1.1", "10.208.2.1", HostAddress })
        {
            (await Dial.TcpAsync(bed.App, address, 80)).Reached.ShouldBe(Reached.Answered);
            (await Dial.TcpAsync(bed.App, address, 443)).Reached.ShouldBe(Reached.Answered);
            (await Dial.TcpAsync(bed.App, address, 22)).Reached.ShouldBe(Reached.Refused);
            (await Dial.TcpAsync(bed.App, address, 8558)).Reached.ShouldBe(Reached.Refused);
            (await Dial.TcpAsync(bed.App, address, InterceptPort)).Reached.ShouldBe(Reached.Refused);
        }

        using var ping = new Ping();
        bed.App.Run(() => ping.Send("10.208.1.1", 1000).Status).ShouldBe(IPStatus.Success);
    }

    [Fact]
    public async Task The_hosts_own_programs_reach_containers_but_neither_IST_addresses_nor_the_intercept_port()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Db, "db", Port);

        (await Dial.TcpAsync(bed.Host, DbAddress, Port)).Reached.ShouldBe(Reached.Answered);
        (await Dial.TcpAsync(bed.Host, DbIst, Port)).Reached.ShouldBe(Reached.Silence);
        (await Dial.TcpAsync(bed.Host, "127.0.0.1", InterceptPort)).Reached.ShouldBe(Reached.Refused);
    }

    [Fact]
    public async Task Only_the_node_speaks_from_IST_addresses()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);

        (await Dial.TcpAsync(bed.Host, DbAddress, Port, source: CacheIst)).Reached.ShouldBe(Reached.Answered);
        using var nobody = bed.Host.AsUser(65534);
        (await Dial.TcpAsync(bed.Host, DbAddress, Port)).Reached.ShouldBe(Reached.Answered);
        (await Dial.TcpAsync(bed.Host, DbAddress, Port, source: CacheIst)).Reached.ShouldBe(Reached.Silence);
    }

    [Fact]
    public async Task A_bridge_that_no_snapshot_names_is_guarded_all_the_same()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);
        bed.Serve(bed.Host, "ssh", 22);
        bed.Apply();

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, "10.208.1.1", 22)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.Outside, DbAddress, Port)).Reached.ShouldBe(Reached.Silence);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_source_that_is_not_a_containers_own_uses_no_IST_path(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Db, "db", Port);
        bed.App.Ip("addr add 10.208.1.99/24 dev eth0\naddr add 10.201.0.77/32 dev eth0");
        bed.Web.Ip($"addr add {AppAddress}/32 dev eth0");

        (await Dial.TcpAsync(bed.App, DbIst, Port, source: "10.208.1.99")).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, CacheIst, Port, source: "10.208.1.99")).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, DbIst, Port, source: "10.201.0.77")).Reached.ShouldBe(Reached.Silence);
        (await Dial.TcpAsync(bed.Web, AppIst, Port, source: AppAddress)).Reached.ShouldBe(Reached.Silence);
    }
}
