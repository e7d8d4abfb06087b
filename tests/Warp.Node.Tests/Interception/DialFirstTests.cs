using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>A connection that needs the relay is answered only when its service has been dialled; kernel, queue and relay of one runner together.</summary>
public sealed class DialFirstTests
{
    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task A_service_that_accepts_is_connected_and_one_that_refuses_is_refused(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter, dialFirst: true);
        bed.Serve(bed.Db, "first", Port);
        bed.Serve(bed.AddContainer("warp-t1", NewAddress, "10.208.1.1"), "second", Port);
        await using var relay = new BedRelay(bed);
        relay.Apply(Blog, WithDb((PlacementRole.Serving, true), (PlacementRole.Serving, true)));

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Caller.ShouldBe(AppIst);
        (await Dial.ConnectAsync(bed.App, DbIst, Port + 1)).ShouldBe(SocketError.ConnectionRefused);
    }
}
