namespace Warp.Cluster.Runners;

/// <summary>How long to wait before trying again: doubling from a first delay up to a longest one. A policy handed in, so that each user states its own.</summary>
/// <param name="First">After the first failure; above zero.</param>
/// <param name="Longest">Never more than this; at least <paramref name="First"/>.</param>
public sealed record BackOff(TimeSpan First, TimeSpan Longest)
{
    private const int LargestShift = 30;

    /// <summary>The delay after so many failures in a row.</summary>
    /// <param name="failures">0 gives no delay at all.</param>
    public TimeSpan After(int failures)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        var delay = First * (1L << Math.Min(failures - 1, LargestShift));
        return delay < Longest ? delay : Longest;
    }

    /// <summary>The delay, shortened by up to a quarter, so that many who failed together do not come back together.</summary>
    /// <param name="failures">Failures in a row.</param>
    /// <param name="chance">Evenly distributed in [0, 1).</param>
    public TimeSpan After(int failures, double chance) => After(failures) * (1 - (chance / 4));
}
