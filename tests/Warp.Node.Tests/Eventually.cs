using System.Diagnostics;
using Shouldly;

namespace Warp.Node.Tests;

/// <summary>Waits for a condition, with a deadline that a loaded machine keeps too.</summary>
internal static class Eventually
{
    public static Task Is(Func<bool> condition, string what, double withinSeconds = 30) => Is(() => Task.FromResult(condition()), what, withinSeconds);

    public static async Task Is(Func<Task<bool>> condition, string what, double withinSeconds = 30)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(withinSeconds, what);
            await Task.Delay(50);
        }
    }

    /// <summary>The condition stays false for a while.</summary>
    public static async Task Never(Func<bool> condition, string what, double forSeconds)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < forSeconds)
        {
            condition().ShouldBeFalse(what);
            await Task.Delay(50);
        }
    }
}
