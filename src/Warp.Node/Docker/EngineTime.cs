using System.Globalization;

namespace Warp.Node.Docker;

/// <summary>Moments as the engine's parameters <c>since</c> and <c>until</c> take them: Unix seconds with nanoseconds as the fraction (Docker Engine API, events and logs).</summary>
internal static class EngineTime
{
    private const long NanosecondsPerTick = 100;

    public static string Format(DateTimeOffset moment) => string.Create(
        CultureInfo.InvariantCulture, $"{moment.ToUnixTimeSeconds()}.{moment.UtcTicks % TimeSpan.TicksPerSecond * NanosecondsPerTick:000000000}");
}
