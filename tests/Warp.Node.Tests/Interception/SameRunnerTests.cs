using System.Net.Sockets;
using Shouldly;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class SameRunnerTests
{
    // tcp(7)
    private const int TcpLevel = 6;
    private const int TcpQuickAck = 12;

    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_service_sees_its_callers_IST_address(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Db, "db", Port);
        bed.Serve(bed.App, "app", 1);

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting.ShouldBe(new Greeting("db", AppIst, "-"));
        (await Dial.TcpAsync(bed.Db, AppIst, 1)).Greeting.ShouldBe(new Greeting("app", DbIst, "-"));
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_service_may_call_itself(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.App, "app", Port);

        (await Dial.TcpAsync(bed.App, AppIst, Port)).Greeting.ShouldBe(new Greeting("app", AppIst, "-"));
        (await Dial.TcpAsync(bed.App, AppIst, 9)).Reached.ShouldBe(Reached.Refused);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_closed_port_is_refused_also_when_it_is_the_number_of_the_intercept_port(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Host, "relay", InterceptPort);

        (await Dial.TcpAsync(bed.App, DbIst, 9)).Reached.ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, DbIst, InterceptPort)).Reached.ShouldBe(Reached.Refused);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Two_deployments_may_use_the_same_IST_address(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Apply(Shop, Routes.Deployment("blog", "warp-t2", "10.208.2.0/24", Routes.Here("web", AppIst, WebAddress), Routes.There("db", DbIst)));
        bed.Serve(bed.Db, "db", Port);
        bed.Serve(bed.Host, "relay", InterceptPort);

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting.ShouldBe(new Greeting("db", AppIst, "-"));
        (await Dial.TcpAsync(bed.Web, DbIst, Port)).Greeting.ShouldBe(new Greeting("relay", WebAddress, $"{DbIst}:{Port}"));
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task It_works_with_strict_reverse_path_filter_and_dockers_forward_policy_drop(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Host.Sysctl("net.ipv4.conf.all.rp_filter", "1");
        bed.Host.Nft("""
            table ip filter {
              chain FORWARD {
                type filter hook forward priority filter; policy drop;
                oifname "warp-t1" ct state related,established accept
                iifname "warp-t1" oifname != "warp-t1" accept
                iifname "warp-t1" oifname "warp-t1" accept
              }
            }
            """);
        bed.Serve(bed.Db, "db", Port);
        bed.Serve(bed.Outside, "world", Port);

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Caller.ShouldBe(AppIst);
        (await Dial.TcpAsync(bed.Host, DbAddress, Port, source: CacheIst)).Greeting!.Caller.ShouldBe(CacheIst);
        (await Dial.TcpAsync(bed.App, "192.168.77.2", Port)).Reached.ShouldBe(Reached.Answered);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_running_connection_outlives_a_change_a_repair_and_the_next_process(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Db, "db", Port);
        using var socket = bed.App.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(DbIst, Port);
        await EchoAsync(socket);

        bed.Apply(Shop);
        await EchoAsync(socket);
        bed.Host.Nft("flush ruleset");
        (await bed.Rules.VerifyAsync(CancellationToken.None)).Repaired.ShouldNotBeNull();
        await EchoAsync(socket);
        var next = new Node.Interception.NftRuleSet(new Node.Interception.InterceptionOptions(), bed.Host);
        (await next.ApplyAsync(Routes.Of(), CancellationToken.None)).Failure.ShouldBeNull();
        (await next.ApplyAsync(Routes.Of(Shop), CancellationToken.None)).Failure.ShouldBeNull();
        await EchoAsync(socket);
    }

    private static async Task EchoAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var buffer = new byte[256];
        await socket.SendAsync(new byte[] { 42 }, deadline.Token);
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, deadline.Token);
            length.ShouldBePositive();
            if (buffer[length - 1] == 42)
            {
                // The acknowledgement leaves now: one that is delayed could meet the moment without rules, and the host itself would answer it with a reset.
                socket.SetRawSocketOption(TcpLevel, TcpQuickAck, BitConverter.GetBytes(1));
                return;
            }
        }
    }
}
