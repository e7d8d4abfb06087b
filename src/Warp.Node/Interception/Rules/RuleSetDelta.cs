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

    /// <summary>What leads from one model to the other.</summary>
    public static RuleSetDelta Between(RuleSetModel from, RuleSetModel to) =>
        new([.. SetSchema.All.Select(set => Compare(set, from[set], to[set])).Where(change => change.Removed.Length + change.Added.Length > 0)]);

    private static SetChange Compare(SetSchema set, IReadOnlySet<SetElement> from, IReadOnlySet<SetElement> to) =>
        new(set, [.. from.Where(element => !to.Contains(element))], [.. to.Where(element => !from.Contains(element))]);
}
