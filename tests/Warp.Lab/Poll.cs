using System.Diagnostics;

namespace Warp.Lab;

/// <summary>Waits for a condition with a deadline, never for a fixed time.</summary>
public static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="timeout">The deadline.</param>
    /// <param name="probe">Gives the answer, or null for "not yet"; what it throws counts as not yet and is told at the deadline.</param>
    /// <exception cref="LabException">The deadline passed.</exception>
    public static async Task<T> UntilAsync<T>(string what, TimeSpan timeout, Func<Task<T?>> probe)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        Exception? last;
        do
        {
            last = null;
            try
            {
                if (await probe() is { } answer)
                {
                    return answer;
                }
            }
#pragma warning disable CA1031 // Whatever goes wrong is only "not yet" until the deadline, and then it is told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                last = e;
            }

            await Task.Delay(Interval);
        }
        while (clock.Elapsed < timeout);
        throw new LabException($"{what}: not within {timeout.TotalSeconds:0.#} s{(last is null ? "" : $" ({last.Message})")}", last!);
    }

    /// <summary>Asks until it is so.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="timeout">The deadline.</param>
    /// <param name="condition">Whether it is so; what it throws counts as no.</param>
    /// <exception cref="LabException">The deadline passed.</exception>
    public static Task UntilAsync(string what, TimeSpan timeout, Func<Task<bool>> condition) =>
        UntilAsync<object>(what, timeout, async () => await condition() ? string.Empty : null);
}
