using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What events do to the placements of services.</summary>
internal static class PlacementEvolution
{
    /// <summary>Whether a placement counts as one of a former spec: it does not run the wished one, and connections come to it.</summary>
    public static bool RunsFormer(ServicePlacement placed, string? wishedHash) =>
        wishedHash is not null
        && placed.Placement.Role is PlacementRole.Serving or PlacementRole.Draining
        && !string.Equals(placed.SpecHash, wishedHash, StringComparison.Ordinal);

    /// <summary>The placement in its last role.</summary>
    public static ServicePlacement Retire(ServicePlacement placed) => placed with { Placement = placed.Placement with { Role = PlacementRole.Retiring } };

    /// <summary>New placements take the place of those of the same ordinal.</summary>
    public static ServiceState Replace(ServiceState service, ImmutableArray<ServicePlacement> placed)
    {
        ImmutableArray<ServicePlacement> mine = [.. placed.Where(placement => placement.Service == service.Service)];
        return mine.IsEmpty
            ? service
            : With(service, service.Placements.Where(old => mine.All(m => m.Placement.Ordinal != old.Placement.Ordinal)).Concat(mine));
    }

    /// <summary>Placements are added, changed or dropped.</summary>
    public static ServiceState Change(ServiceState service, PlacementsChanged changed)
    {
        ImmutableArray<ServicePlacement> placed = [.. changed.Placed.Where(placement => placement.Service == service.Service)];
        var gone = Generations(changed, service.Placements);
        if (placed.IsEmpty && gone.Count == 0)
        {
            return service;
        }

        var after = With(service, service.Placements.Where(old => !gone.Contains(old.Placement.Generation)).Concat(placed));
        return after.Placements.Any(p => RunsFormer(p, after.SpecHash)) ? after : after with { FormerSpec = null };
    }

    /// <summary>The placements are those that were taken over.</summary>
    public static ServiceState Recover(ServiceState service, PlacementsRecovered recovered) =>
        With(service, recovered.Placements.Where(placement => placement.Service == service.Service)) with
        {
            FormerSpec = recovered.FormerSpecs.FirstOrDefault(former => former.Name == service.Service),
        };

    /// <summary>The same for services that leave: one without placements is gone.</summary>
    public static ImmutableArray<LeavingService> Change(ImmutableArray<LeavingService> leaving, PlacementsChanged changed) =>
        Keep(leaving, placed => !changed.Dropped.Contains(new PlacementId(placed.Service, placed.Placement.Generation)));

    /// <summary>Services that leave, with the placements that are kept.</summary>
    public static ImmutableArray<LeavingService> Keep(ImmutableArray<LeavingService> leaving, Func<ServicePlacement, bool> keep) =>
        [.. leaving.Select(service => service with { Placements = [.. service.Placements.Where(keep)] }).Where(service => !service.Placements.IsEmpty)];

    private static HashSet<long> Generations(PlacementsChanged changed, ImmutableArray<ServicePlacement> placements) =>
    [
        .. from placement in placements
           where changed.Dropped.Contains(new PlacementId(placement.Service, placement.Placement.Generation))
               || changed.Placed.Any(p => p.Service == placement.Service && p.Placement.Generation == placement.Placement.Generation)
           select placement.Placement.Generation,
    ];

    private static ServiceState With(ServiceState service, IEnumerable<ServicePlacement> placements)
    {
        ImmutableArray<ServicePlacement> ordered = [.. placements.OrderBy(p => p.Placement.Ordinal).ThenBy(p => p.Placement.Generation)];
        return service with
        {
            LastGeneration = ordered.Select(p => p.Placement.Generation).Append(service.LastGeneration).Max(),
            Placements = ordered,
        };
    }
}
