using System.Diagnostics;

namespace Warp.Bench.Load;

/// <summary>Monotonic nanoseconds, and the share of a run that is not counted: connections and caches warm up in it.</summary>
internal static class LoadClock
{
    internal const long Second = 1_000_000_000;
    internal const double WarmUpShare = 0.15;

    internal static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    internal static long Nanoseconds(double seconds) => (long)(seconds * Second);
}
