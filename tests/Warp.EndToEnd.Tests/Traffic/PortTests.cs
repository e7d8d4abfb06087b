using System.Globalization;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Xunit;

namespace Warp.EndToEnd.Tests.Traffic;

[Collection(LabGroup.Name)]
public sealed class PortTests(LabFixture lab)
{
    private const int RandomPorts = 20;

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Any_port_is_reached_from_either_side(Placement placement)
    {
        string[] chosen = ["1", "80", "65535"];
        string[] ports = [.. chosen, .. Enumerable.Range(0, RandomPorts).Select(_ => Random.Shared.Next(4000, 65535)).Distinct().Select(p => p.ToString(CultureInfo.InvariantCulture))];
        await using var pair = await PeerPair.StartAsync(lab, placement, ports);

        (await pair.AppToDbAsync("ports", [PeerPair.Port, .. ports])).ShouldSatisfyAllConditions(r => r.Detail.ShouldEndWith("ports"), r => r.Ok.ShouldBeTrue());
        (await pair.DbToAppAsync("ports", [PeerPair.Port, .. ports])).ShouldSatisfyAllConditions(r => r.Detail.ShouldEndWith("ports"), r => r.Ok.ShouldBeTrue());
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_service_is_found_by_its_host_name_as_well(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        (await PeerPair.RunAsync(pair.App, "echo", "db.warp", PeerPair.Port, "by name")).Detail.ShouldBe("by name");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task The_server_sees_the_address_of_the_calling_service(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        (await pair.AppToDbAsync("read", PeerPair.Port, "who")).Detail.ShouldBe(pair.App.IstAddress);
        (await pair.DbToAppAsync("read", PeerPair.Port, "who")).Detail.ShouldBe(pair.Db.IstAddress);
    }
}
