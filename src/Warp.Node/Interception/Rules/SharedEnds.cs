using System.Collections.Immutable;

namespace Warp.Node.Interception.Rules;

/// <summary>How many items two lists have in common at their beginnings and, of the rest, at their ends.</summary>
/// <param name="Leading">At their beginnings.</param>
/// <param name="Trailing">At their ends.</param>
internal readonly record struct SharedEnds(int Leading, int Trailing)
{
    /// <summary>Compares two lists.</summary>
    public static SharedEnds Of<TOne, TOther>(ImmutableArray<TOne> one, ImmutableArray<TOther> other, Func<TOne, TOther, bool> areSame)
    {
        var rest = Math.Min(one.Length, other.Length);
        var (leading, trailing) = (0, 0);
        while (leading < rest && areSame(one[leading], other[leading]))
        {
            leading++;
        }

        while (trailing < rest - leading && areSame(one[^(trailing + 1)], other[^(trailing + 1)]))
        {
            trailing++;
        }

        return new SharedEnds(leading, trailing);
    }

    /// <summary>What lies between, in either list.</summary>
    public IEnumerable<T> In<T>(ImmutableArray<T> list) => list.Skip(Leading).Take(list.Length - Leading - Trailing);
}
