using System.Collections.Immutable;

namespace Warp.Node.Interception.Rules;

/// <summary>What changes in one set.</summary>
/// <param name="Set">The set.</param>
/// <param name="Removed">Elements to delete; they are there.</param>
/// <param name="Added">Elements to add; they are not there. A map's changed element is in both lists.</param>
internal sealed record SetChange(SetSchema Set, ImmutableArray<SetElement> Removed, ImmutableArray<SetElement> Added);

/// <summary>The difference between two models.</summary>
/// <param name="Changes">Only sets in which something changes.</param>
internal sealed record RuleSetDelta(ImmutableArray<SetChange> Changes)
{
    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => Changes.IsEmpty;

    /// <summary>What leads from one model to the other. Only the parts that the two do not share are looked at.</summary>
    public static RuleSetDelta Between(RuleSetModel from, RuleSetModel to)
    {
        var (before, after) = (from.PartsNotIn(to), to.PartsNotIn(from));
        return new([.. SetSchema.All.Select(set => Compare(set, before, after)).Where(change => change.Removed.Length + change.Added.Length > 0)]);
    }

    private static SetChange Compare(SetSchema set, IReadOnlyList<ElementLists> before, IReadOnlyList<ElementLists> after)
    {
        var (from, to) = (before.SelectMany(part => part[set]).ToHashSet(), after.SelectMany(part => part[set]).ToHashSet());
        return new(set, [.. from.Where(element => !to.Contains(element))], [.. to.Where(element => !from.Contains(element))]);
    }
}
