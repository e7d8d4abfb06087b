using System.Collections.Immutable;
using Akka.Actor;

namespace Warp.Cluster.Runners;

/// <summary>A part of the runner tells what is wrong with it: all of it, each time.</summary>
/// <param name="Source">The part.</param>
/// <param name="Problems">For a person; empty when all is well.</param>
internal sealed record ProblemsAre(string Source, ImmutableArray<string> Problems) : INoSerializationVerificationNeeded;

/// <summary>What is wrong, by part; immutable.</summary>
internal sealed record ProblemBoard
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<string>> _bySource;

    private ProblemBoard(ImmutableSortedDictionary<string, ImmutableArray<string>> bySource) => _bySource = bySource;

    /// <summary>All is well.</summary>
    public static ProblemBoard Empty { get; } = new(ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal));

    /// <summary>Everything, in a stable order.</summary>
    public ImmutableArray<string> All => [.. _bySource.SelectMany(s => s.Value)];

    /// <summary>With one part's new state.</summary>
    public ProblemBoard With(string source, params ImmutableArray<string> problems) =>
        new(problems.IsEmpty ? _bySource.Remove(source) : _bySource.SetItem(source, problems));
}
