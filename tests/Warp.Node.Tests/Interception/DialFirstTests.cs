using System.Globalization;
using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;
using Warp.Node.Tests.Interception.Bed;
using Warp.Node.Tests.Relay;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>A connection that needs the relay is answered only when its service has been dialled; kernel, queue and relay of one runner together.</summary>
public sealed class DialFirstTests
{
    private static readonly (PlacementRole, bool) Ready = (PlacementRole.Serving, true);
    private static readonly (PlacementRole, bool) NotReady = (PlacementRole.Serving, false);

    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task C14_A_service_that_listens_is_connected_and_a_closed_port_is_refused(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter, dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, WithDb(Ready, Ready));

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Caller.ShouldBe(AppIst);
        (await Dial.ConnectAsync(bed.App, DbIst, Port + 1)).ShouldBe(SocketError.ConnectionRefused);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_connect_waits_while_its_service_is_not_ready_and_then_succeeds(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter, dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, WithDb(hold: 60, NotReady, NotReady));

        var connect = Dial.ConnectAsync(bed.App, DbIst, Port);

        // Longer than the kernel waits before it sends a first packet again.
        await Eventually.Never(() => connect.IsCompleted, "it is answered", forSeconds: 1.5);
        relay.Apply(Blog, WithDb(hold: 60, Ready, Ready));
        (await connect).ShouldBe(SocketError.Success);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_service_without_an_instance_that_takes_connections_is_a_host_that_is_down(int hold)
    {
        using var bed = new RunnerBed(dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, WithDb(hold, NotReady, NotReady));

        (await Dial.ConnectAsync(bed.App, DbIst, Port)).ShouldBe(SocketError.HostUnreachable);
        (await relay.Engine.SnapshotAsync(1)).RefusedAtEntry.ShouldHaveSingleItem().Key.ShouldBe(RouteRefusal.NotRunning);
    }

    [Fact]
    public async Task Connects_that_end_together_are_all_told()
    {
        using var bed = new RunnerBed(dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, WithDb(hold: 1, NotReady, NotReady));

        var ends = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Dial.ConnectAsync(bed.App, DbIst, Port)));

        ends.ShouldAllBe(end => end == SocketError.HostUnreachable);
    }

    [Fact]
    public async Task Who_may_not_connect_is_refused_and_the_log_says_who_it_was()
    {
        using var bed = new RunnerBed(dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, Shop);

        (await Dial.ConnectAsync(bed.App, UnknownIst, Port)).ShouldBe(SocketError.ConnectionRefused);
        (await Dial.ConnectAsync(bed.Web, DbIst, Port)).ShouldBe(SocketError.ConnectionRefused);

        var named = $"Refused a connection of shop/app#0@1 at {AppAddress} to {UnknownIst}:{Port}: UnknownTarget";
        relay.Log.Lines.ShouldContain(line => line.StartsWith(named, StringComparison.Ordinal));
        (await relay.Engine.SnapshotAsync(1)).RefusedAtEntry.ShouldHaveSingleItem().ShouldBe(new(RouteRefusal.UnknownTarget, 2));
    }

    [Fact]
    public async Task A_connect_that_waits_survives_that_the_rules_are_written_anew()
    {
        using var bed = new RunnerBed(dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, WithDb(hold: 60, NotReady, NotReady));
        var connect = Dial.ConnectAsync(bed.App, DbIst, Port);
        await Eventually.Never(() => connect.IsCompleted, "it is answered", forSeconds: 0.3);

        // The kernel drops what it holds for a chain that goes; the caller sends it again.
        bed.Host.Nft("add rule inet warp guard_callers counter");
        (await bed.Rules.VerifyAsync(CancellationToken.None)).Repaired.ShouldNotBeNull();
        relay.Apply(Blog, WithDb(hold: 60, Ready, Ready));

        (await connect).ShouldBe(SocketError.Success);
        (await bed.Rules.VerifyAsync(CancellationToken.None)).Repaired.ShouldBeNull();
    }

    [Fact]
    public async Task When_nobody_reads_the_queue_connections_are_accepted_first()
    {
        using var bed = new RunnerBed(dialFirst: true);
        bed.DialFirst!.Queue!.Dispose();
        bed.Serve(bed.Db, "first", Port);
        bed.Serve(bed.AddContainer("warp-t1", NewAddress, "10.208.1.1"), "second", Port);
        await using var relay = new BedRelay(bed, readsQueue: false);
        relay.Apply(Blog, WithDb(Ready, Ready));

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Caller.ShouldBe(AppIst);

        // The reset may come before connect has returned.
        (await Dial.ConnectAsync(bed.App, DbIst, Port + 1)).ShouldBeOneOf(SocketError.Success, SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_storm_of_connects_that_wait_delays_nobody_and_none_of_them_is_lost()
    {
        // More than one container may have in the queue: the rest is accepted first and waits there.
        const int storm = 1_500;
        using var bed = new RunnerBed(dialFirst: true);
        await using var relay = Serve(bed);
        relay.Apply(Blog, WithDb(hold: 60, NotReady, NotReady));
        var waiting = Enumerable.Range(0, storm).Select(_ => Dial.TcpAsync(bed.App, DbIst, Port, patience: TimeSpan.FromSeconds(60))).ToList();
        await Wait.UntilAsync(() => Held(bed) >= 1_000, "the queue holds what one container may have in it");

        (await Dial.ConnectAsync(bed.Db, UnknownIst, Port)).ShouldBe(SocketError.ConnectionRefused);
        (await relay.Engine.SnapshotAsync(1)).RefusedAtEntry.ShouldHaveSingleItem().ShouldBe(new(RouteRefusal.UnknownTarget, 1));
        relay.Apply(Blog, WithDb(hold: 60, Ready, Ready));

        (await Task.WhenAll(waiting)).Count(result => result.Reached == Reached.Answered).ShouldBe(storm);
        Held(bed).ShouldBe(0);
    }

    [Fact]
    public void A_queue_that_another_program_has_is_no_queue_and_the_reason_says_so()
    {
        using var bed = new RunnerBed(dialFirst: true);

        var second = bed.Host.Run(() => Node.Interception.Queue.DialFirst.Open(new Node.Interception.InterceptionOptions()));

        second.Queue.ShouldBeNull();
        second.Rule.ShouldBeNull();
        second.Problem.ShouldNotBeNull().ShouldContain("packet queue 15001 belongs to another program");
        bed.DialFirst!.Queue!.Dispose();
    }

    private static BedRelay Serve(RunnerBed bed)
    {
        bed.Serve(bed.Db, "first", Port);
        bed.Serve(bed.AddContainer("warp-t1", NewAddress, "10.208.1.1"), "second", Port);
        return new BedRelay(bed);
    }

    // /proc/net/netfilter/nfnetlink_queue, one line for each queue: number, process, packets that wait, and more. The file is that of the reading thread's namespace.
    private static int Held(RunnerBed bed) => bed.Host.Run(() =>
        File.ReadLines("/proc/thread-self/net/netfilter/nfnetlink_queue")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => int.Parse(fields[0], CultureInfo.InvariantCulture) == InterceptPort)
            .Sum(fields => int.Parse(fields[2], CultureInfo.InvariantCulture)));
}
