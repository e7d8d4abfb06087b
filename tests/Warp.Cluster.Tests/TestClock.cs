namespace Warp.Cluster.Tests;

/// <summary>A clock that a test moves.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks = Sample.Noon.Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Forward(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
