using System.Diagnostics;

namespace Warp.Node.Hosting;

/// <summary>How long to wait before the actor system is built again: short at first, longer while it keeps ending soon after its start.</summary>
internal sealed class RebuildPause
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(2);

    private TimeSpan _next = Shortest;
    private long _started = Stopwatch.GetTimestamp();

    /// <summary>A system begins.</summary>
    public void Started() => _started = Stopwatch.GetTimestamp();

    /// <summary>The pause before the next one.</summary>
    public TimeSpan Next()
    {
        if (Stopwatch.GetElapsedTime(_started) > LongLife)
        {
            _next = Shortest;
        }

        var pause = _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
        return pause;
    }
}
