using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Relay;
using Warp.Node.Routing;
using Warp.Node.Tests.Interception.Bed;
using Warp.Node.Tests.Relay;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>One container takes all that it can get of the relay, and another one still gets some.</summary>
public sealed class CallerShareTests
{
    private const int Limit = 20;

    [Fact]
    public async Task A_container_that_keeps_connections_open_leaves_some_for_others()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "first", Port);
        bed.Serve(bed.AddContainer("warp-t1", NewAddress, "10.208.1.1"), "second", Port);
        await using var relay = new BedRelay(bed, new RelayOptions { MaxConnections = Limit });
        relay.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Serving, true)));

        var greedy = Enumerable.Range(0, Limit).Select(_ => NewSocket(bed)).ToList();

        (await Task.WhenAll(greedy.Select(IsServedAsync))).Count(served => served).ShouldBe(Limit / 2);
        (await Dial.TcpAsync(bed.Db, DbIst, Port)).Reached.ShouldBe(Reached.Answered);
        relay.Engine.Refusals().AtEntry[RouteRefusal.TooMany].ShouldBe(Limit / 2);

        greedy.ForEach(socket => socket.Dispose());
        await Wait.UntilAsync(
            async () =>
            {
                // One that comes too early is accepted and reset.
                using var again = NewSocket(bed);
                return await IsServedAsync(again);
            },
            "what was closed is free again");
    }

    [Fact]
    public async Task A_container_whose_calls_are_held_leaves_some_places_for_others()
    {
        using var bed = new RunnerBed();
        await using var relay = new BedRelay(bed, new RelayOptions { MaxHeld = Limit, Loops = 1 });
        bed.Serve(bed.Db, "db", Port);
        relay.Apply(Blog, WithDb((PlacementRole.Serving, false)));
        var greedy = Enumerable.Range(0, Limit).Select(_ => NewSocket(bed)).ToList();

        var served = greedy.Select(IsServedAsync).ToArray();
        await Wait.UntilAsync(() => relay.Engine.Refusals().AtEntry.GetValueOrDefault(RouteRefusal.NotRunning) == Limit / 2, "half of the calls find no place");
        var other = Dial.TcpAsync(bed.Db, DbIst, Port);
        await Wait.UntilAsync(() => relay.Engine.Refusals().Latest.All(one => one.Caller.EndsWith($" at {AppAddress}", StringComparison.Ordinal)), "only the greedy one was refused");
        relay.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Retiring, true)));

        (await Task.WhenAll(served)).Count(one => one).ShouldBe(Limit / 2);
        (await other).Reached.ShouldBe(Reached.Answered);
        greedy.ForEach(socket => socket.Dispose());
    }

    private static Socket NewSocket(RunnerBed bed) => bed.App.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    private static async Task<bool> IsServedAsync(Socket socket)
    {
        try
        {
            await socket.ConnectAsync(DbIst, Port).WaitAsync(Wait.Limit);
            return await socket.ReceiveAsync(new byte[64]).WaitAsync(Wait.Limit) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
