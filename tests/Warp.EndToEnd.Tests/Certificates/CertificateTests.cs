using System.Diagnostics;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.EndToEnd.Tests.Rollouts;
using Warp.Lab;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Certificates;

/// <summary>Certificates under traffic, on a lab of their own: they are changed for all, and in the end one runner is removed.</summary>
public sealed class CertificateTests(CertificateTests.ShortLives fixture, ITestOutputHelper output) : IClassFixture<CertificateTests.ShortLives>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int? SoakSeconds { get; } = LongForm.Number("WARP_SOAK_SECONDS");

    // In the long form, of soak.sh, many lives of a minute; in the short one a few of seconds.
    private static TimeSpan UnderTraffic => TimeSpan.FromSeconds(SoakSeconds ?? 15);

    private static string Life => SoakSeconds is null ? "12s" : "60s";

    [Fact]
    public async Task Short_lives_and_a_new_CA_fail_no_connection_and_a_removed_runner_loses_all_it_has()
    {
        await using var web = await WebDeployment.StartAsync(fixture, "certified", "r2");
        await Poll.UntilAsync("tunnels have certificates of their own", Patience, async () => !(await RunnersAsync()).Contains("the node's", StringComparison.Ordinal));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < UnderTraffic;)
        {
            await web.AwaitAnswersAsync(200);
        }

        var before = await web.CallerCountsAsync();
        output.WriteLine($"certificates that live for {Life}, {UnderTraffic.TotalSeconds:0} s: {before.Asked} connections, {before.Failed} failed");
        before.Failed.ShouldBe(0, $"certificates that live for {Life}: {before.FirstFailure}");

        var rotated = await fixture.R1.WarpAsync("ca", "rotate", "--timeout", "120");
        rotated.ExitCode.ShouldBe(0, rotated.Error);
        (await fixture.R1.WarpAsync("ca", "rotate", "--finish")).Ensure().Output.ShouldContain("is trusted now");
        await web.AwaitAnswersAsync(200);
        var counts = await web.CallerCountsAsync();
        counts.Failed.ShouldBe(0, counts.FirstFailure);
        await Poll.UntilAsync("both runners are there", Patience, async () => (await RunnersAsync()).Split("reachable").Length == 3);

        (await fixture.R1.WarpAsync("runner", "remove", "r2")).Error.ShouldContain("certified/web");
        (await fixture.R1.WarpAsync("runner", "remove", "r2", "--force")).Ensure();
        await Poll.UntilAsync("what r2 served is refused", Patience, async () => (await web.CallerCountsAsync()).Failed > 10);
        await Poll.UntilAsync("r2 says what happened to it", Patience, async () => (await fixture.R2.Node.ReadLogAsync()).Contains("r2 was removed from the cluster on", StringComparison.Ordinal));
        (await RunnersAsync()).ShouldNotContain("r2");
    }

    private async Task<string> RunnersAsync()
    {
        var result = await fixture.R1.WarpAsync("runners");
        return result.ExitCode == 0 ? result.Output : "the node's";
    }

    /// <summary>Two runners whose tunnels' certificates live for seconds, and are judged strictly.</summary>
    public sealed class ShortLives : LabFixture
    {
        /// <inheritdoc/>
        protected override IReadOnlyList<string> Settings => [$"WARP__CERTIFICATES__TUNNEL_LIFE={Life}", "WARP__CERTIFICATES__CLOCK_TOLERANCE=2s"];
    }
}
