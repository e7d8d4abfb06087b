using System.Collections.Immutable;

namespace Warp.Cluster.Containers;

/// <summary>When a container ended, lately; immutable. From a few times on it is a crash loop and is called so.</summary>
internal sealed class EndHistory
{
    private const int CrashLoop = 3;
    private const int Kept = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private readonly ImmutableArray<DateTimeOffset> _ends;

    private EndHistory(ImmutableArray<DateTimeOffset> ends) => _ends = ends;

    /// <summary>It never did.</summary>
    public static EndHistory None { get; } = new([]);

    /// <summary>It ended (again).</summary>
    public EndHistory With(DateTimeOffset now) => new([.. _ends.Where(end => now - end < Window).TakeLast(Kept - 1), now]);

    /// <summary>The cause of the last end, with how often that happens.</summary>
    public string Explain(string cause)
    {
        if (_ends.Length < CrashLoop)
        {
            return cause;
        }

        var minutes = (int)Math.Ceiling(Math.Max(1, (_ends[^1] - _ends[0]).TotalMinutes));
        return $"crash loop: ended {_ends.Length} times in the last {(minutes == 1 ? "minute" : $"{minutes} minutes")}; the last time {cause}";
    }
}
