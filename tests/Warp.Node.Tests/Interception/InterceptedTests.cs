using Shouldly;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class InterceptedTests
{
    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Any_port_of_a_service_elsewhere_reaches_the_listener_with_its_original_destination(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Host, "ssh", 22);

        foreach (var port in new[] { 1, 22, 80, Port, InterceptPort, 65535 })
        {
            (await Dial.TcpAsync(bed.App, CacheIst, port)).Greeting.ShouldBe(new Greeting("relay", AppAddress, $"{CacheIst}:{port}"));
        }
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_service_that_does_not_run_now_is_left_to_the_listener_and_moves_into_the_kernel_when_it_runs(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Db, "db", Port);

        bed.Apply(Blog, Routes.Deployment("shop", "warp-t1", "10.208.1.0/24", Routes.Here("app", AppIst, AppAddress), Routes.Here("db", DbIst)));
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Server.ShouldBe("relay");

        bed.Apply(Blog, Shop);
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Server.ShouldBe("db");
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task The_relay_dials_a_container_from_the_callers_IST_address(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Db, "db", Port);

        (await Dial.TcpAsync(bed.Host, DbAddress, Port, source: CacheIst)).Greeting.ShouldBe(new Greeting("db", CacheIst, "-"));
        (await Dial.TcpAsync(bed.Host, DbAddress, 9, source: CacheIst)).Reached.ShouldBe(Reached.Refused);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task What_no_service_has_is_refused_at_once(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);
        bed.Serve(bed.Host, "ssh", 22);

        (await Dial.TcpAsync(bed.App, UnknownIst, 22)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, UnknownIst, InterceptPort)).Reached.ShouldBe(Reached.Refused);
        (await Dial.UdpAsync(bed.App, DbIst, Port)).ShouldBe(Reached.Refused);
        (await Dial.UdpAsync(bed.App, CacheIst, Port)).ShouldBe(Reached.Refused);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_port_that_the_container_engine_publishes_does_not_catch_IST_traffic(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Host.Nft($$"""
            table ip nat {
              chain PREROUTING {
                type nat hook prerouting priority dstnat;
                fib daddr type local tcp dport {{Port}} dnat to 192.168.77.2:{{Port}}
              }
            }
            """);
        bed.Serve(bed.Outside, "published", Port);
        bed.Serve(bed.Db, "db", Port);
        bed.Serve(bed.Host, "relay", InterceptPort);

        (await Dial.TcpAsync(bed.App, HostAddress, Port)).Greeting!.Server.ShouldBe("published");
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Server.ShouldBe("db");
        (await Dial.TcpAsync(bed.App, CacheIst, Port)).Greeting!.Server.ShouldBe("relay");
        (await Dial.TcpAsync(bed.App, UnknownIst, Port)).Reached.ShouldBe(Reached.Refused);
    }
}
