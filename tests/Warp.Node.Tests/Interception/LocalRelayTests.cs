using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Tests.Interception.Bed;
using Warp.Node.Tests.Relay;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>Kernel and relay of one runner together: replicas side by side, and instances that are exchanged.</summary>
public sealed class LocalRelayTests
{
    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Each_replica_here_gets_connections_and_sees_its_callers_IST_address(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Db, "first", Port);
        bed.Serve(bed.AddContainer("warp-t1", NewAddress, "10.208.1.1"), "second", Port);
        await using var relay = new BedRelay(bed);
        relay.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Serving, true)));

        var greetings = new HashSet<Greeting>();
        for (var i = 0; i < 40; i++)
        {
            greetings.Add((await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!);
        }

        greetings.ShouldBe([new Greeting("first", AppIst, "-"), new Greeting("second", AppIst, "-")], ignoreOrder: true);

        // A replica may call its own service, and get to itself.
        (await Dial.TcpAsync(bed.Db, DbIst, Port)).Greeting!.Caller.ShouldBe(DbIst);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task No_connect_fails_over_a_hundred_exchanges_of_the_instance(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        bed.Serve(bed.Db, "old", Port);
        bed.Serve(bed.AddContainer("warp-t1", NewAddress, "10.208.1.1"), "new", Port);
        await using var relay = new BedRelay(bed);
        relay.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Retiring, true)));
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
        (PlacementRole, bool)[][] steps =
        [
            [(PlacementRole.Serving, true), (PlacementRole.Starting, false)],
            [(PlacementRole.Serving, true), (PlacementRole.Starting, true)],
            [(PlacementRole.Draining, true), (PlacementRole.Serving, true)],
            [(PlacementRole.Retiring, true), (PlacementRole.Serving, true)],

            // Back again, now the old one stops first.
            [(PlacementRole.Starting, false), (PlacementRole.Retiring, true)],
            [(PlacementRole.Starting, true), (PlacementRole.Retiring, true)],
            [(PlacementRole.Serving, true), (PlacementRole.Retiring, true)],
        ];
        for (var i = 0; i < 50; i++)
        {
            foreach (var step in steps)
            {
                relay.Apply(Blog, WithDb(step));
            }
        }

        await stop.CancelAsync();
        var all = await dialling;
        all.Count.ShouldBeGreaterThan(1);
        all.ShouldAllBe(answer => answer.Reached == Reached.Answered && answer.Greeting!.Caller == AppIst);
        await Wait.UntilAsync(async () => (await relay.Engine.SnapshotAsync(1)).OpenFlows == 0, "every connection is forgotten");
    }
}
