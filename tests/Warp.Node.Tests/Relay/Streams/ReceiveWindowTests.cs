using CsCheck;
using Shouldly;
using Warp.Node.Relay.Streams;
using Xunit;

namespace Warp.Node.Tests.Relay.Streams;

public sealed class ReceiveWindowTests
{
    private const int Initial = 64 * 1024;

    [Fact]
    public void What_the_peer_may_send_is_never_more_than_the_window() =>
        Gen.Select(Gen.Int[1, 40_000], Gen.Long[0, 5000]).Array[1, 200].Sample(steps =>
        {
            var limits = Limits(budget: 1024 * 1024);
            var window = new ReceiveWindow(Initial);
            var (allowed, waiting, now) = ((long)Initial, 0L, 0L);
            foreach (var (count, pause) in steps)
            {
                now += pause;
                var received = (int)Math.Min(count, allowed);
                window.TryReceive(received).ShouldBeTrue();
                allowed -= received;
                waiting += received;
                var delivered = (int)Math.Min(waiting, count / 2);
                waiting -= delivered;
                allowed += window.Deliver(delivered, now, roundTrip: 1000, limits);
                (allowed + waiting).ShouldBeLessThanOrEqualTo(window.Size);
                window.Size.ShouldBeLessThanOrEqualTo(limits.Max);
            }

            new ReceiveWindow(Initial).TryReceive(Initial + 1).ShouldBeFalse();
            window.TryReceive((int)allowed + 1).ShouldBeFalse();
            window.Release(limits);
            limits.Budget.Used.ShouldBe(0);
        });

    [Fact]
    public void A_fast_reader_on_a_long_way_gets_a_larger_window()
    {
        var limits = Limits(budget: 64 * 1024 * 1024);
        var window = new ReceiveWindow(Initial);
        var now = 0L;
        for (var i = 0; i < 4000; i++)
        {
            now += 100;
            window.TryReceive(16 * 1024).ShouldBeTrue();
            _ = window.Deliver(16 * 1024, now, roundTrip: 20_000, limits);
        }

        // 16 KiB each 100 us over a round trip of 20 ms: 3.3 MB are under way.
        window.Size.ShouldBeInRange(4 * 1024 * 1024, 16 * 1024 * 1024);
    }

    [Fact]
    public void A_slow_reader_keeps_the_window_it_has()
    {
        var limits = Limits(budget: 64 * 1024 * 1024);
        var window = new ReceiveWindow(Initial);
        for (var i = 1; i < 100; i++)
        {
            window.TryReceive(16 * 1024).ShouldBeTrue();
            window.Deliver(16 * 1024, i * 1_000_000L, roundTrip: 20_000, limits).ShouldBe(16 * 1024);
        }

        window.Size.ShouldBe(Initial);
    }

    [Fact]
    public void Windows_do_not_grow_beyond_the_budget()
    {
        var limits = Limits(budget: Initial);
        var windows = Enumerable.Range(0, 10).Select(_ => new ReceiveWindow(Initial)).ToArray();
        for (var i = 0; i < 100; i++)
        {
            for (var w = 0; w < windows.Length; w++)
            {
                windows[w].TryReceive(Initial / 4).ShouldBeTrue();
                _ = windows[w].Deliver(Initial / 4, i * 5000L, roundTrip: 50_000, limits);
            }
        }

        windows.Sum(w => (long)w.Size - Initial).ShouldBe(Initial);
    }

    private static WindowLimits Limits(long budget) => new(Initial, 16 * 1024 * 1024, new ByteBudget(budget));
}
