using BenchmarkDotNet.Attributes;
using Warp.Node.Relay.Streams;

namespace Warp.Bench.Micro;

/// <summary>The receive window: what each DATA frame costs in flow control.</summary>
public class Windows
{
    private const long RoundTrip = 1000;
    private const int Initial = 64 * 1024;
    private readonly WindowLimits _limits = new(Initial, 16 * 1024 * 1024, new ByteBudget(256L * 1024 * 1024));
    private ReceiveWindow _window = new(Initial);
    private long _now;

    /// <summary>A frame of so many bytes comes, the socket takes it, credit is returned when it is time.</summary>
    [Benchmark]
    [Arguments(64)]
    [Arguments(16 * 1024)]
    public int ReceiveAndDeliver(int bytes)
    {
        _ = _window.TryReceive(bytes);
        return _window.Deliver(bytes, ++_now, RoundTrip, _limits);
    }

    /// <summary>The clock that the window is asked with.</summary>
    [Benchmark]
    public long Clock() => RelayClock.Microseconds;
}
