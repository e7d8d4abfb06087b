namespace Warp.Lab.Figures;

/// <summary>The middle of what several rounds measured.</summary>
internal static class Medians
{
    /// <summary>The upper one of the two in the middle when there are two.</summary>
    /// <param name="values">At least one.</param>
    internal static double Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
