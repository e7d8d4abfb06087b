using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What an accepted wish does to the state.</summary>
internal static class SpecEvolution
{
    /// <summary>The state after it.</summary>
    public static DeploymentState Apply(DeploymentState state, SpecApplied applied)
    {
        var current = state.Services.ToDictionary(service => service.Service);
        var retired = state.Retired.ToDictionary(service => service.Service);
        var leaving = state.Leaving.ToDictionary(service => service.Spec.Name);
        var former = state.Spec?.Services.ToDictionary(spec => spec.Name) ?? [];
        return state with
        {
            Revision = applied.Revision,
            Version = applied.Version,
            Spec = applied.Spec,
            Removing = false,
            Services =
            [
                .. applied.Addresses.Select(wished => current.TryGetValue(wished.Service, out var known)
                    ? Change(known, wished, applied, former[wished.Service])
                    : Begin(wished, retired.GetValueOrDefault(wished.Service), leaving.GetValueOrDefault(wished.Service))),
            ],
            Retired = Retire(state, applied.Addresses),
            Leaving = Leave(state, applied),
            History = RevisionHistory.After(state, applied),
            Completed = false,
            Failure = applied.Failure,
            WishedSince = state.IsWanted ? state.WishedSince : applied.AcceptedAt,
        };
    }

    /// <summary>What is kept of services that are not among the wished ones.</summary>
    public static ImmutableArray<RetiredService> Retire(DeploymentState state, ImmutableArray<ServiceAddress> wished)
    {
        var names = wished.Select(service => service.Service).ToHashSet();
        return
        [
            .. state.Retired
                .Concat(state.Services.Select(service => new RetiredService(service.Service, service.IstAddress, service.LastGeneration)))
                .Where(service => !names.Contains(service.Service))
                .OrderBy(service => service.Service.Value, StringComparer.Ordinal),
        ];
    }

    private static ServiceState Begin(ServiceAddress wished, RetiredService? retired, LeavingService? leaving) =>
        new(wished.Service, wished.IstAddress, retired?.LastGeneration ?? 0, leaving?.Placements ?? [], wished.SpecHash);

    private static ServiceState Change(ServiceState known, ServiceAddress wished, SpecApplied applied, ServiceSpec former) => known with
    {
        IstAddress = wished.IstAddress,
        SpecHash = wished.SpecHash,
        FreshFrom = applied.Fresh.Contains(known.Service) ? known.LastGeneration + 1 : applied.Failure is null ? known.FreshFrom : 0,
        FormerSpec = wished.SpecHash is null ? null : Former(known, wished.SpecHash, former),
    };

    /// <summary>What the placements run that are not of the wished spec. Only one spec is kept: that of the newest of them; an older instance that goes on keeps what it is made of.</summary>
    private static ServiceSpec? Former(ServiceState known, string wished, ServiceSpec former)
    {
        var others = known.Placements.Where(placed => PlacementEvolution.RunsFormer(placed, wished)).ToList();
        return others.Count == 0
            ? null
            : known.FormerSpec is null || others.Exists(placed => string.Equals(placed.SpecHash, known.SpecHash, StringComparison.Ordinal)) ? former : known.FormerSpec;
    }

    private static ImmutableArray<LeavingService> Leave(DeploymentState state, SpecApplied applied)
    {
        var wished = applied.Addresses.Select(address => address.Service).ToHashSet();
        var gone =
            from service in state.Services
            where applied.Leaving.Contains(service.Service) && !service.Placements.IsEmpty
            let retiring = service.Placements.Select(placed => placed.Placement.Role == PlacementRole.Retiring
                ? placed
                : PlacementEvolution.Retire(placed) with { Since = applied.AcceptedAt, SinceVersion = applied.Version })
            select new LeavingService(state.Spec!.Services.First(spec => spec.Name == service.Service), service.IstAddress, [.. retiring]);
        return [.. state.Leaving.Where(service => !wished.Contains(service.Spec.Name)), .. gone];
    }
}
