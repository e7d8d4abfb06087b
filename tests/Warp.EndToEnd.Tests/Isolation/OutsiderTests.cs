using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>What a machine on the same network that belongs to nobody reaches, although it routes the private ranges to the runners: nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class OutsiderTests(LabFixture lab)
{
    private static readonly string Peer = Path.Combine(AppContext.BaseDirectory, "warp-test-peer.dll");

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task The_outside_reaches_neither_addresses_nor_containers(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        string[] addresses = [pair.App.IstAddress, pair.Db.IstAddress, pair.App.Address!, pair.Db.Address!];
        foreach (var runner in lab.Lab.Runners)
        {
            await Task.WhenAll(addresses.Distinct(StringComparer.Ordinal).Select(address => ShouldNotReachAsync(address, runner)));
        }
    }

    private async Task ShouldNotReachAsync(string address, LabRunner runner)
    {
        (await lab.Lab.Outsider.RunAsync(["ip", "route", "replace", $"{address}/32", "via", runner.Address])).Ensure();
        try
        {
            var answer = await lab.Lab.Outsider.RunAsync(["timeout", "3", "dotnet", Peer, "read", address, PeerPair.Port, "who"]);
            var reached = answer.Output.Trim().Length > 0 && PeerResult.Parse(answer.Output).Ok;
            reached.ShouldBeFalse($"the outside reached {address} through {runner.Name}: {answer.Output}");
        }
        finally
        {
            (await lab.Lab.Outsider.RunAsync(["ip", "route", "del", $"{address}/32"])).Ensure();
        }
    }
}
