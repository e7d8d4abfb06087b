namespace Warp.Cluster.Tests;

/// <summary>A clock that a test moves.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks = Sample.Noon.Ticks;
    private long _jumped;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks) - Interlocked.Read(ref _jumped);

    /// <summary>Time goes by.</summary>
    public void Forward(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <summary>Somebody sets the clock: no time goes by.</summary>
    public void Jump(TimeSpan time)
    {
        Interlocked.Add(ref _jumped, time.Ticks);
        Interlocked.Add(ref _ticks, time.Ticks);
    }
}
