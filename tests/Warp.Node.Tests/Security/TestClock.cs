namespace Warp.Node.Tests.Security;

/// <summary>A clock that a test moves.</summary>
internal sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Forward(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
