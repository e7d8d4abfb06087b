namespace Warp.Bench;

/// <summary>The middle of what several rounds measured.</summary>
internal static class Medians
{
    /// <summary>The middle value, between the two when there are two; null of nothing.</summary>
    internal static double? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
