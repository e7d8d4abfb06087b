using System.Diagnostics;
using System.Net.Sockets;
using Shouldly;
using Warp.Node.Relay;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Relay;

/// <summary>
/// Windows over a line of 10 ms each way. What fits on the line at once is what a stream carries in a round trip, so it says without a clock
/// of which window the throughput is.
/// </summary>
public sealed class WindowGrowthTests(ITestOutputHelper output)
{
    private const int Initial = 64 * 1024;

    // Headers of frames and records, and the other small frames.
    private const int Overhead = 32 * 1024;

    // Some dozens of round trips of the smallest window.
    private const long Enough = 2_000_000;
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task A_stream_s_window_grows_with_the_delay_and_the_line_is_filled_with_it()
    {
        const long enough = 40_000_000;
        await CarryAsync(
            TestRelays.Options,
            until: seen => seen is { Windows: >= 8 * Initial, OnTheWay: >= 4 * Initial, Received: >= enough },
            always: _ => true);
    }

    [Fact]
    public async Task A_window_that_may_not_grow_puts_no_more_than_itself_on_the_line()
    {
        var last = await CarryAsync(
            TestRelays.Options with { MaxWindow = Initial },
            until: seen => seen.Received >= Enough,
            always: windows => windows == 0);
        last.OnTheWay.ShouldBeInRange(Initial / 2, Initial + Overhead);
    }

    [Fact]
    public async Task The_memory_budget_stops_a_window_s_growth()
    {
        const int budget = 3 * Initial;
        var last = await CarryAsync(
            TestRelays.Options with { WindowBudget = budget },
            until: seen => seen is { Windows: budget, Received: >= Enough },
            always: windows => windows <= budget);
        last.OnTheWay.ShouldBeInRange(Initial, Initial + budget + Overhead);
    }

    // One stream from the far server, read as fast as it comes, until its figures are as wanted.
    private async Task<Seen> CarryAsync(RelayOptions options, Func<Seen, bool> until, Func<long, bool> always)
    {
        await using var server = new TargetServer(async socket =>
        {
            while (true)
            {
                _ = await socket.SendAsync(new byte[64 * 1024]);
            }
        });
        await using var link = new DelayingLink(OneWay);
        await using var relays = TestRelays.Start(server.Port, options with { InitialWindow = Initial, TrunksPerPeer = 1 }, endpointOf: (_, direct) =>
        {
            link.Behind = direct.Port;
            return direct with { Port = link.Port };
        });
        var client = await relays.ConnectAsync();
        var received = 0L;
        var reading = Task.Run(async () =>
        {
            var buffer = new byte[256 * 1024];
            int count;
            while ((count = await client.ReceiveAsync(buffer)) > 0)
            {
                Interlocked.Add(ref received, count);
            }
        });
        var clock = Stopwatch.StartNew();
        var seen = default(Seen);
        await Wait.UntilAsync(
            async () =>
            {
                seen = new Seen((await relays.One.SnapshotAsync(0)).WindowBytes, link.MostOnTheWay, Interlocked.Read(ref received));
                always(seen.Windows).ShouldBeTrue($"the windows have grown by {seen.Windows} bytes");
                return until(seen);
            },
            "the window is as large as it should be");
        output.WriteLine(
            $"window {(Initial + seen.Windows) / 1024} kB, at most {seen.OnTheWay / 1024} kB on the way, {seen.Received / 1e6 / clock.Elapsed.TotalSeconds:0.0} MB/s from the beginning");

        client.Dispose();
        await Should.ThrowAsync<SocketException>(reading);
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(0)).WindowBytes == 0, "what the window took goes back to the budget");
        return seen;
    }

    // By how much the receiver's windows have grown, the most that was on the way at once, and what came, in bytes.
    private readonly record struct Seen(long Windows, long OnTheWay, long Received);
}
