using System.Globalization;
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
    private static int Cycles { get; } = Environment.GetEnvironmentVariable("WARP_CYCLES") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 3;

    [Fact]
    public async Task Nothing_is_left_of_deployments_that_were_used_and_removed()
    {
        // A closed connection is remembered for two minutes; here it is not, so that the test need not wait for that.
        const string Remembered = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";
        await SetAsync(Remembered, 1);
        try
        {
            await RunAsync(WarmUp);
            var before = await FootprintsAsync();
            await RunAsync(Cycles);

            IReadOnlyDictionary<string, long>[] after = [];
            var growth = "not looked at";
            try
            {
                await Poll.UntilAsync("nothing is left", Patience, async () =>
                {
                    after = await FootprintsAsync();
                    growth = string.Join("; ", before.Zip(after, RunnerFootprint.Growth).Where(text => text.Length > 0));
                    return growth.Length == 0;
                });
            }
            finally
            {
                Print(before, after);
            }

            growth.ShouldBeEmpty();
            before.Zip(after, (was, now) => now[RunnerFootprint.Memory] - was[RunnerFootprint.Memory]).ShouldAllBe(megabytes => megabytes < MemoryBound);
        }
        finally
        {
            await SetAsync(Remembered, 120);
        }
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

    private async Task<IReadOnlyDictionary<string, long>[]> FootprintsAsync() => await Task.WhenAll(RunnerFootprint.OfAsync(lab.R1), RunnerFootprint.OfAsync(lab.R2));

    private async Task SetAsync(string setting, int seconds)
    {
        foreach (var runner in lab.Lab.Runners)
        {
            (await runner.Machine.RunAsync(["sysctl", "-qw", string.Create(CultureInfo.InvariantCulture, $"{setting}={seconds}")])).Ensure();
        }
    }

    private void Print(IReadOnlyDictionary<string, long>[] before, IReadOnlyDictionary<string, long>[] after)
    {
        foreach (var (was, now) in before.Zip(after))
        {
            output.WriteLine($"after {Cycles} cycles: {string.Join(", ", now.Select(figure => $"{figure.Key} {was[figure.Key]} -> {figure.Value}"))}");
        }
    }
}
