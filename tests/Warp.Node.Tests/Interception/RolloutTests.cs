using System.Net.Sockets;
using System.Text;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>An instance of a service here is replaced by another one: what the kernel does with connections of before and of after.</summary>
public sealed class RolloutTests
{
    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task New_connections_go_to_the_new_container_and_those_of_before_go_on(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        var replacement = bed.AddContainer("warp-t1", NewAddress, "10.208.1.1");
        bed.Serve(bed.Db, "old", Port);
        bed.Serve(replacement, "new", Port);
        bed.Serve(bed.Host, "relay", InterceptPort);

        using var before = bed.App.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await before.ConnectAsync(DbIst, Port);
        (await ReceiveAsync(before)).ShouldStartWith("old ");

        bed.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Starting, false)));
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Server.ShouldBe("old");
        bed.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Starting, true)));
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Server.ShouldBe("old");

        foreach (var oldRole in new[] { PlacementRole.Draining, PlacementRole.Retiring })
        {
            bed.Apply(Blog, WithDb((oldRole, true), (PlacementRole.Serving, true)));
            (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting.ShouldBe(new Greeting("new", AppIst, "-"));
            await before.SendAsync("still here"u8.ToArray());
            (await ReceiveAsync(before)).ShouldBe("still here");
        }
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task The_old_container_may_call_as_long_as_it_has_a_place(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.AddContainer("warp-t1", NewAddress, "10.208.1.1");
        bed.Serve(bed.App, "app", Port);
        foreach (var role in Enum.GetValues<PlacementRole>())
        {
            bed.Apply(Blog, WithDb((role, true), (PlacementRole.Serving, true)));
            (await Dial.TcpAsync(bed.Db, AppIst, Port)).Greeting.ShouldBe(new Greeting("app", DbIst, "-"));
        }
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Between_two_containers_and_with_a_choice_of_them_connections_come_to_the_listener(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        var replacement = bed.AddContainer("warp-t1", NewAddress, "10.208.1.1");
        bed.Serve(bed.Db, "old", Port);
        bed.Serve(replacement, "new", Port);
        bed.Serve(bed.Host, "relay", InterceptPort);
        (PlacementRole, bool)[][] states =
        [
            [(PlacementRole.Retiring, true), (PlacementRole.Starting, false)],
            [(PlacementRole.Retiring, true), (PlacementRole.Starting, true)],
            [(PlacementRole.Draining, true), (PlacementRole.Serving, false)],
            [(PlacementRole.Serving, true), (PlacementRole.Serving, true)],
        ];
        foreach (var state in states)
        {
            bed.Apply(Blog, WithDb(state));
            (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting.ShouldBe(new Greeting("relay", AppAddress, $"{DbIst}:{Port}"));
        }
    }

    [Fact]
    public async Task No_connect_fails_while_containers_are_exchanged_back_and_forth()
    {
        using var bed = new RunnerBed();
        var replacement = bed.AddContainer("warp-t1", NewAddress, "10.208.1.1");
        bed.Serve(bed.Db, "old", Port);
        bed.Serve(replacement, "new", Port);
        bed.Serve(bed.Host, "relay", InterceptPort);
        using var stop = new CancellationTokenSource();
        var dialling = Task.Run(async () =>
        {
            var answers = new List<DialResult>();
            while (!stop.IsCancellationRequested)
            {
                answers.Add(await Dial.TcpAsync(bed.App, DbIst, Port));
            }

            return answers;
        });
        for (var i = 0; i < 25; i++)
        {
            bed.Apply(Blog, WithDb((PlacementRole.Draining, true), (PlacementRole.Serving, true)));
            bed.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Draining, true)));
        }

        await stop.CancelAsync();
        var all = await dialling;
        all.ShouldNotBeEmpty();
        all.ShouldAllBe(answer => answer.Reached == Reached.Answered && answer.Greeting!.Server != "relay");
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, deadline.Token));
    }
}
