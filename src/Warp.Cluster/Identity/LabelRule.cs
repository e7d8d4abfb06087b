namespace Warp.Cluster.Identity;

/// <summary>The rule of project and environment, the labels of a deployment.</summary>
internal static class LabelRule
{
    private const int MaxLength = 100;

    /// <summary>What is wrong with a label; null when it is right.</summary>
    public static string? Problem(string text) =>
        text.Length is >= 1 and <= MaxLength && !text.Any(char.IsControl) ? null : $"use 1 to {MaxLength} characters without control characters";
}
