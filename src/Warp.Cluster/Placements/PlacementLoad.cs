using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Placements;

/// <summary>What a runner has to bear already.</summary>
/// <param name="Siblings">Where the service's other instances are, each with its runner.</param>
/// <param name="Planned">How many instances were given to each runner in the same decision and are not in its status yet.</param>
internal sealed record PlacementLoad(ImmutableArray<RunnerId> Siblings, IReadOnlyDictionary<RunnerId, int> Planned)
{
    /// <summary>Only what the runners' statuses say.</summary>
    public static PlacementLoad None { get; } = new([], ImmutableDictionary<RunnerId, int>.Empty);

    /// <summary>Instances of the same service on the runner.</summary>
    public int OfService(RunnerStatus runner) => Siblings.Count(sibling => sibling == runner.Runner);

    /// <summary>All instances on the runner.</summary>
    public int OfAll(RunnerStatus runner) => runner.Instances + Planned.GetValueOrDefault(runner.Runner);
}
