namespace Warp.Cluster.Identity;

/// <summary>How long a regular expression may look for a match.</summary>
public static class PatternLimits
{
    /// <summary>
    /// In milliseconds of the clock on the wall, not of work: on a machine that stands still for seconds even the shortest text takes that long, so the limit is far beyond
    /// what any accepted input needs. It only ends what would never end.
    /// </summary>
    public const int Milliseconds = 60_000;
}
