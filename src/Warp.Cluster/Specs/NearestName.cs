using System.Collections.Immutable;

namespace Warp.Cluster.Specs;

/// <summary>Finds what a mistyped name was meant to be.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest edits (insert, delete, replace; case does not count), at most two or a third of the name's length; null when none is near.</summary>
    public static string? Of(string text, ImmutableArray<string> known)
    {
        var (name, distance) = known.Select(candidate => (candidate, Distance(text.ToLowerInvariant(), candidate.ToLowerInvariant()))).MinBy(pair => pair.Item2);
        return distance < text.Length && distance <= Math.Max(2, text.Length / 3) ? name : null;
    }

    private static int Distance(string left, string right)
    {
        if (left.Length > right.Length * 2)
        {
            return left.Length;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
