using System.Globalization;
using Shouldly;
using Warp.EndToEnd.Tests.Deploying;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Contract;

/// <summary>What connections leave behind on a runner once they have ended: nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class LeftoverTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static int Count { get; } = LongForm.Number("WARP_RUDE_CLIENTS") ?? 2000;

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task C25_clients_without_manners_leave_no_tracked_connection_and_no_descriptor_behind(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        await using var tracking = await ShortTracking.SetAsync(lab.Lab);
        var before = await RunnerFootprint.OfAsync(lab.Lab);

        var rude = await pair.AppToDbAsync("rude", PeerPair.Port, Count.ToString(CultureInfo.InvariantCulture));

        rude.Ok.ShouldBeTrue(rude.Detail);
        RunnerFootprint.Print(output, "at once", before, await RunnerFootprint.OfAsync(lab.Lab));
        await Poll.UntilAsync("nothing is left", Patience, async () => RunnerFootprint.Growth(before, await RunnerFootprint.OfAsync(lab.Lab)).Length == 0);
        RunnerFootprint.Print(output, $"after {Count} connections", before, await RunnerFootprint.OfAsync(lab.Lab));
    }
}
