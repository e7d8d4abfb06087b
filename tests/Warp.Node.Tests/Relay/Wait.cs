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

    /// <summary>Waits until a number has not moved for half a second: what moves it is held up.</summary>
    internal static async Task UntilSteadyAsync(Func<long> number, string what)
    {
        const int enough = 50;
        var (last, same) = (number(), 0);
        await UntilAsync(
            () =>
            {
                var now = number();
                same = now == last ? same + 1 : 0;
                last = now;
                return same == enough;
            },
            what);
    }
}
