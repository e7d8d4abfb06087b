using Shouldly;
using Warp.Node.Relay;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>Much traffic of every kind, and nothing of it stays: short by default, as long as WARP_SOAK_SECONDS says.</summary>
[Collection(SoakGroup.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // What one run differs from the next by. A stream that left a hundred bytes behind would be beyond them in the long form.
    private const long ManagedSlack = 8_000_000;

    // The loops keep blocks for reuse, as many as they ever needed at once: a later moment may need more of them than the warm-up did.
    private const long NativeSlack = 32_000_000;
    private const long ResidentSlack = 64_000_000;
    private static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(1.5);
    private static readonly RelayOptions Options = TestRelays.Options with { TrunkWait = Wait.Limit, DialTimeout = Wait.Limit, RouteWait = Wait.Limit };

    [Theory]
    [InlineData(TlsLibrary.Automatic)]
    [InlineData(TlsLibrary.Framework)]
    public async Task A_thousand_streams_at_once_keep_their_content_and_leave_nothing_behind(TlsLibrary library)
    {
        Say($"seed {SoakSettings.Seed}, {SoakSettings.Duration.TotalSeconds:0} s after {SoakSettings.WarmUp.TotalSeconds:0} s of warm-up, {library}");
        await OnceAsync(library);
        var first = ProcessFigures.Read();
        await using (var load = new SoakLoad())
        await using (var relays = TestRelays.Start(load.Port, Options with { TlsLibrary = library }))
        {
            await load.RunAsync(relays, SoakSettings.WarmUp, SoakSettings.Seed);
            var before = await AtRestAsync("warm", relays, load);
            await load.RunAsync(relays, SoakSettings.Duration, SoakSettings.Seed + 1);
            var after = await AtRestAsync("end", relays, load);

            (after.Managed - before.Managed).ShouldBeLessThan(ManagedSlack, "the managed heap grew");
            (after.Native - before.Native).ShouldBeLessThan(NativeSlack, "native memory in use grew");
            (after.Resident - before.Resident).ShouldBeLessThan(SoakSettings.IsLong ? ResidentSlack : long.MaxValue, "the process grew");
            ProcessFigures.Added(before, after).ShouldBeEmpty("with the engines at rest");
        }

        var last = ProcessFigures.Read();
        Say($"gone: {last}");
        ProcessFigures.Added(first, last).ShouldBeEmpty("after the engines are gone");
    }

    [Fact]
    public async Task Trunks_cut_under_a_thousand_streams_end_them_with_errors_and_never_with_a_wrong_byte_or_a_clean_end()
    {
        Say($"seed {SoakSettings.Seed}, {SoakSettings.Duration.TotalSeconds:0} s");
        await OnceAsync(TlsLibrary.Automatic);
        var first = ProcessFigures.Read();
        using (var link = new CuttableLink())
        await using (var load = new SoakLoad { MayBreak = true })
        await using (var relays = TestRelays.Start(load.Port, Options, endpointOf: (_, direct) =>
        {
            link.Behind = direct.Port;
            return direct with { Port = link.Port };
        }))
        {
            var running = load.RunAsync(relays, SoakSettings.Duration, SoakSettings.Seed);
            var (random, cuts) = (new Random(SoakSettings.Seed), 0);
            for (; !running.IsCompleted; cuts++)
            {
                await Task.WhenAny(running, Task.Delay(random.NextDouble() * LongestCalm));
                link.Cut();
                link.Heal();
            }

            await running;
            Say($"{cuts} cuts; {load.Summary}");
            load.MayBreak = false;
            await load.RunAsync(relays, SoakSettings.WarmUp, SoakSettings.Seed + 1);
            _ = await AtRestAsync("end", relays, load);
        }

        var last = ProcessFigures.Read();
        Say($"gone: {last}");
        ProcessFigures.Added(first, last).ShouldBeEmpty("after the engines are gone");
    }

    // What the runtime opens once and keeps is there before anything is counted.
    private static async Task OnceAsync(TlsLibrary library)
    {
        await using var load = new SoakLoad();
        await using var relays = TestRelays.Start(load.Port, Options with { TlsLibrary = library });
        await load.RunAsync(relays, TimeSpan.FromSeconds(1), SoakSettings.Seed);
    }

    private async Task<ProcessFigures> AtRestAsync(string when, TestRelays relays, SoakLoad load)
    {
        load.Violations.ShouldBeEmpty($"repeat it with WARP_SOAK_SEED={SoakSettings.Seed}");
        foreach (var engine in new[] { relays.One, relays.Two })
        {
            await Wait.UntilAsync(async () => await engine.SnapshotAsync(1) is { OpenFlows: 0, BufferedBytes: 0, WindowBytes: 0 }, $"no stream, no waiting byte and no window is left ({when})");
        }

        var figures = ProcessFigures.Read();
        Say($"{when}: {load.Summary}");
        Say($"{when}: {figures}");
        return figures;
    }

    private void Say(string line) => output.WriteLine(line);
}
