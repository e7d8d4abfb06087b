using System.Diagnostics;
using Shouldly;

namespace Warp.Node.Tests.Relay;

/// <summary>Waits for conditions, never for luck.</summary>
internal static class Wait
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    internal static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            clock.Elapsed.ShouldBeLessThan(Limit, what);
            await Task.Delay(10);
        }
    }
}
