using System.Collections.Immutable;

namespace Warp.Cluster.Deployments;

/// <summary>What each event does to the state: no decision, no outside world, the same after ten years.</summary>
internal static class DeploymentEvolution
{
    /// <summary>The state after the event.</summary>
    public static DeploymentState Apply(this DeploymentState state, IDeploymentEvent @event) => @event switch
    {
        SpecApplied applied => Apply(state, applied),
        ServicesPlaced placed => state with
        {
            Version = placed.Version,
            Services = [.. state.Services.Select(service => Place(service, placed.Placements))],
            Runners = [.. state.Runners.Union(placed.Placements.Select(p => p.Placement.Runner)).OrderBy(r => r.Value, StringComparer.Ordinal)],
        },
        RemovalAccepted removal => state with { Version = removal.Version, Removing = true },
        RunnerReleased released => state with
        {
            Services = [.. state.Services.Select(service => service with { Placements = service.Placements.RemoveAll(p => p.Placement.Runner == released.Runner) })],
            Runners = state.Runners.Remove(released.Runner),
        },
        DeploymentRemoved => state with { Spec = null, Removing = false, Services = [], Retired = Retire(state, []), Runners = [] },
        _ => throw new ArgumentException($"no rule for the event {@event.GetType().Name}", nameof(@event)),
    };

    private static DeploymentState Apply(DeploymentState state, SpecApplied applied)
    {
        var current = state.Services.ToDictionary(service => service.Service);
        var retired = state.Retired.ToDictionary(service => service.Service);
        return state with
        {
            Revision = applied.Revision,
            Version = applied.Version,
            Spec = applied.Spec,
            Removing = false,
            Services = [.. applied.Addresses.Select(wished => current.TryGetValue(wished.Service, out var known)
                ? known with { IstAddress = wished.IstAddress }
                : new ServiceState(wished.Service, wished.IstAddress, retired.GetValueOrDefault(wished.Service)?.LastGeneration ?? 0, []))],
            Retired = Retire(state, applied.Addresses),
        };
    }

    private static ServiceState Place(ServiceState service, ImmutableArray<ServicePlacement> placed)
    {
        ImmutableArray<ServicePlacement> mine = [.. placed.Where(placement => placement.Service == service.Service)];
        return mine.IsEmpty
            ? service
            : service with
            {
                LastGeneration = Math.Max(service.LastGeneration, mine.Max(placement => placement.Placement.Generation)),
                Placements = [.. service.Placements.Where(old => mine.All(m => m.Placement.Ordinal != old.Placement.Ordinal)).Concat(mine).OrderBy(p => p.Placement.Ordinal)],
            };
    }

    private static ImmutableArray<RetiredService> Retire(DeploymentState state, ImmutableArray<ServiceAddress> wished)
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
}
