using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>The removals that somebody has heard of; immutable. It only ever grows, so that neither a late message nor an older database lets anybody in again.</summary>
public sealed class RemovedRunners
{
    private readonly ImmutableSortedDictionary<string, RunnerRemoval> _byName;

    private RemovedRunners(ImmutableSortedDictionary<string, RunnerRemoval> byName) => _byName = byName;

    /// <summary>None.</summary>
    public static RemovedRunners None { get; } = new(ImmutableSortedDictionary.Create<string, RunnerRemoval>(StringComparer.Ordinal));

    /// <summary>Ordered by name.</summary>
    public ImmutableArray<RunnerRemoval> All => [.. _byName.Values];

    /// <summary>The removal that ends this enrolment; null when none does.</summary>
    public RunnerRemoval? Find(RunnerId runner, long enrolment) => Of(runner) is { } removal && enrolment <= removal.UpTo ? removal : null;

    /// <summary>The last removal of the name, whether or not it was given again; null when there was none.</summary>
    public RunnerRemoval? Of(RunnerId runner) => _byName.GetValueOrDefault(runner.Value);

    /// <summary>With those that say more than is known; the same object when none does.</summary>
    public RemovedRunners With(params IEnumerable<RunnerRemoval> removals)
    {
        var next = removals.Where(removal => Of(removal.Runner) is not { } known || known.UpTo < removal.UpTo)
            .Aggregate(_byName, (names, removal) => names.SetItem(removal.Runner.Value, removal));
        return ReferenceEquals(next, _byName) ? this : new RemovedRunners(next);
    }
}
