using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Deploying;

/// <summary>Deploying, using and removing again and again: nothing of it is left on any runner.</summary>
[Collection(LabGroup.Name)]
public sealed class CycleTests(LabFixture lab, ITestOutputHelper output)
{
    // By then everything is there that is made once and kept: connections to the engine, compiled code, the journal's rows of a name.
    private const int WarmUp = 1;
    private const long MemoryBound = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How many; <c>./soak.sh</c> asks for 500.</summary>
    private static int Cycles { get; } = LongForm.Number("WARP_CYCLES") ?? 3;

    [Fact]
    public async Task Nothing_is_left_of_deployments_that_were_used_and_removed()
    {
        await using var tracking = await ShortTracking.SetAsync(lab.Lab);
        await RunAsync(WarmUp);
        var before = await RunnerFootprint.OfAsync(lab.Lab);
        await RunAsync(Cycles);

        IReadOnlyDictionary<string, long>[] after = [];
        var growth = "not looked at";
        try
        {
            await Poll.UntilAsync("nothing is left", Patience, async () =>
            {
                after = await RunnerFootprint.OfAsync(lab.Lab);
                growth = RunnerFootprint.Growth(before, after);
                return growth.Length == 0;
            });
        }
        finally
        {
            RunnerFootprint.Print(output, $"after {Cycles} cycles", before, after);
        }

        growth.ShouldBeEmpty();
        before.Zip(after, (was, now) => now[RunnerFootprint.Memory] - was[RunnerFootprint.Memory]).ShouldAllBe(megabytes => megabytes < MemoryBound);
    }

    /// <summary>A name is used again and again: what is kept of it, so that its next life gets higher generations, is not kept twice.</summary>
    private async Task RunAsync(int cycles)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await using var deployment = await LabDeployment.StartAsync(
                lab.Lab, "cycle", LabService.Peer("app", "r1", PeerPair.Port), LabService.Peer("db", "r2", PeerPair.Port));
            var app = await deployment.ContainerAsync("app");
            await Poll.UntilAsync("app reaches db", Patience, async () => (await PeerPair.RunAsync(app, "echo", "$WARP_IST_db", PeerPair.Port, "there?")).Ok);
        }
    }
}
