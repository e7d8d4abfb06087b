using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Deployments;

/// <summary>What each event does to the state: no decision, no outside world, the same after ten years.</summary>
internal static class DeploymentEvolution
{
    /// <summary>So many wishes with an id are remembered.</summary>
    private const int RequestsKept = 32;

    /// <summary>The state after the event.</summary>
    public static DeploymentState Apply(this DeploymentState state, IDeploymentEvent @event) => @event switch
    {
        SpecApplied applied => SpecEvolution.Apply(state, applied) with { Requests = Remember(state, applied.RequestId, applied.Revision) },
        RequestAccepted request => state with { Requests = Remember(state, request.RequestId, state.Revision) },
        ServicesPlaced placed => state with
        {
            Version = placed.Version,
            Services = [.. state.Services.Select(service => PlacementEvolution.Replace(service, placed.Placements))],
            Runners = With(state.Runners, placed.Placements),
        },
        PlacementsChanged changed => state with
        {
            Version = changed.Version,
            Services = [.. state.Services.Select(service => PlacementEvolution.Change(service, changed))],
            Leaving = PlacementEvolution.Change(state.Leaving, changed),
            Runners = With(state.Runners, changed.Placed),
        },
        PlacementsRecovered recovered => state with
        {
            Services = [.. state.Services.Select(service => PlacementEvolution.Recover(service, recovered))],
            Leaving = recovered.Leaving,
            Runners = With(state.Runners, [.. recovered.Placements, .. recovered.Leaving.SelectMany(service => service.Placements)]),
        },
        PortsSeen seen => state with
        {
            Services = [.. state.Services.Select(service => seen.Ports.FirstOrDefault(port => port.Service == service.Service) is { } found ? service with { SeenPort = found.Port } : service)],
        },
        RolloutCompleted => state with { Completed = true, History = RevisionHistory.Completed(state) },
        RemovalAccepted removal => state with
        {
            Version = removal.Version,
            Removing = true,
            Services = [.. state.Services.Select(service => service with { Placements = [.. service.Placements.Select(PlacementEvolution.Retire)] })],
        },
        RunnerReleased released => state with
        {
            Services = [.. state.Services.Select(service => service with { Placements = service.Placements.RemoveAll(p => p.Placement.Runner == released.Runner) })],
            Leaving = PlacementEvolution.Keep(state.Leaving, placed => placed.Placement.Runner != released.Runner),
            Runners = state.Runners.Remove(released.Runner),
        },
        DeploymentRemoved => state with
        {
            Spec = null,
            Removing = false,
            Services = [],
            Retired = SpecEvolution.Retire(state, []),
            Runners = [],
            Leaving = [],
            History = [],
            Requests = [],
            Completed = false,
            Failure = null,
        },
        _ => throw new ArgumentException($"no rule for the event {@event.GetType().Name}", nameof(@event)),
    };

    private static ImmutableArray<RunnerId> With(ImmutableArray<RunnerId> runners, ImmutableArray<ServicePlacement> placed) =>
        [.. runners.Union(placed.Select(p => p.Placement.Runner)).OrderBy(r => r.Value, StringComparer.Ordinal)];

    private static ImmutableArray<AcceptedRequest> Remember(DeploymentState state, string? request, long revision) => request is null
        ? state.Requests
        : [.. state.Requests.Append(new AcceptedRequest(request, revision)).TakeLast(RequestsKept)];
}
