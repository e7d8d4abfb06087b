using System.Diagnostics;

namespace Warp.Node.Relay.Streams;

/// <summary>A clock that only goes forward.</summary>
internal static class RelayClock
{
    private static readonly long TicksPerMicrosecond = Math.Max(1, Stopwatch.Frequency / 1_000_000);

    /// <summary>Microseconds since some time in the past.</summary>
    internal static long Microseconds => Stopwatch.GetTimestamp() / TicksPerMicrosecond;
}
