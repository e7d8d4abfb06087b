using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Contract;

/// <summary>What happens around the node on its host, and what open connections notice of it.</summary>
[Collection(LabGroup.Name)]
public sealed class HostTests(LabFixture lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task An_engine_that_restores_live_is_restarted_and_no_connection_notices(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        var before = await pair.ContainersAsync();
        var engine = pair.Db.Runner.Engine;
        await engine.SetLiveRestoreAsync(isOn: true);
        try
        {
            var busy = pair.App.PeerWithoutEngineAsync("busy", pair.Db.IstAddress, PeerPair.Port, "15");
            await pair.WaitConnectedAsync();
            await engine.StopDaemonAsync();
            await engine.StartDaemonAsync();

            var result = PeerResult.Parse((await busy).Output);
            result.Ok.ShouldBeTrue(result.Detail);
            await pair.WaitReachableAsync(Patience);
            (await pair.ContainersAsync()).ShouldBe(before);
        }
        finally
        {
            await engine.SetLiveRestoreAsync(isOn: false);
        }
    }
}
