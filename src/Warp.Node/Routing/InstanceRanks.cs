using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>Which of a service's placements new connections go to: those of the best rank that is not empty. Pure.</summary>
internal static class InstanceRanks
{
    /// <summary>
    /// For a connection that has arrived at this runner. A starting instance that is ready takes the place of one that serves no more; one that drains still takes what
    /// callers send that have not heard of its successor; one that retires takes nothing.
    /// </summary>
    /// <param name="here">The placements on this runner.</param>
    internal static ImmutableArray<InstanceRoute> AtExit(IReadOnlyCollection<InstanceRoute> here) =>
        FirstThatIsNotEmpty(Ready(here, PlacementRole.Serving), Ready(here, PlacementRole.Starting), Running(here, PlacementRole.Draining));

    /// <summary>
    /// For a connection that begins here: this runner first, but what serves elsewhere goes before what does not serve here. Of the runners elsewhere one where an instance drains is
    /// known to run it; one where it starts may have to hold the connection.
    /// </summary>
    /// <param name="instances">All placements on this runner and on runners whose endpoint is known.</param>
    /// <param name="self">This runner.</param>
    internal static ImmutableArray<InstanceRoute> AtEntry(IReadOnlyCollection<InstanceRoute> instances, RunnerId self)
    {
        var here = instances.Where(i => i.Runner == self).ToImmutableArray();
        var elsewhere = instances.Where(i => i.Runner != self).ToImmutableArray();
        return FirstThatIsNotEmpty(
            Ready(here, PlacementRole.Serving),
            InRole(elsewhere, PlacementRole.Serving),
            Ready(here, PlacementRole.Starting),
            Running(here, PlacementRole.Draining),
            InRole(elsewhere, PlacementRole.Draining),
            InRole(elsewhere, PlacementRole.Starting));
    }

    private static ImmutableArray<InstanceRoute> FirstThatIsNotEmpty(params ReadOnlySpan<IEnumerable<InstanceRoute>> ranks)
    {
        foreach (var rank in ranks)
        {
            if (rank.ToImmutableArray() is { IsEmpty: false } found)
            {
                return found;
            }
        }

        return [];
    }

    private static IEnumerable<InstanceRoute> Ready(IEnumerable<InstanceRoute> instances, PlacementRole role) => Running(instances, role).Where(i => i.Ready);

    private static IEnumerable<InstanceRoute> Running(IEnumerable<InstanceRoute> instances, PlacementRole role) =>
        InRole(instances, role).Where(i => i.ContainerAddress is not null);

    private static IEnumerable<InstanceRoute> InRole(IEnumerable<InstanceRoute> instances, PlacementRole role) => instances.Where(i => i.Role == role);
}
