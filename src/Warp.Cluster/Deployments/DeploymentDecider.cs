using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What to do about a wish, a report or a changed directory: the events that follow. Pure.</summary>
internal static class DeploymentDecider
{
    /// <summary>A wish: accepted with events, accepted without when nothing changes, or refused with problems.</summary>
    public static Decision Apply(DeploymentState state, DeploymentSpec wish, RunnerDirectory directory, Ipv4Range range)
    {
        if (state.IsWanted && SpecEquality.Same(state.Spec!, wish))
        {
            return Decision.Nothing;
        }

        ImmutableArray<SpecProblem> unknown = [.. wish.Services.SelectMany((service, index) => UnknownRunner(service, index, state, directory))];
        if (!unknown.IsEmpty)
        {
            return Decision.Refuse(unknown);
        }

        if (Addresses(state, wish, range, out var problems) is not { } addresses)
        {
            return Decision.Refuse(problems);
        }

        var applied = new SpecApplied(state.Revision + 1, state.Version + 1, wish, addresses);
        var labelsChanged = state.Spec is { } before && (before.Project, before.Environment) != (wish.Project, wish.Environment);
        var placed = Place(state.Apply(applied), directory, everything: state.Removing || labelsChanged);
        return Decision.Accept([applied, .. placed.Events]);
    }

    /// <summary>A look at the directory: services that wait get a place when there is one.</summary>
    public static Decision PlaceWaiting(DeploymentState state, RunnerDirectory directory) =>
        state.IsWanted ? Place(state, directory, everything: false) : Decision.Nothing;

    /// <summary>A wish to take the deployment away, whose state says that it is there.</summary>
    public static Decision Remove(DeploymentState state)
    {
        if (!state.IsWanted)
        {
            return Decision.Nothing;
        }

        var accepted = new RemovalAccepted(state.Version + 1);
        return Decision.Accept(state.Runners.IsEmpty ? [accepted, new DeploymentRemoved()] : [accepted]);
    }

    /// <summary>A report: a runner that is to hold nothing and holds nothing is released; the last one ends a removal.</summary>
    public static Decision Observe(DeploymentState state, RunnerReport report)
    {
        var current = report.AssignmentVersion >= state.Version || report.AssignmentVersion == 0;
        var holds = state.IsWanted && state.Services.SelectMany(s => s.Placements).Any(p => p.Placement.Runner == report.Runner);
        if (!current || holds || !report.Instances.IsEmpty || !state.Runners.Contains(report.Runner))
        {
            return Decision.Nothing;
        }

        var released = new RunnerReleased(report.Runner);
        return Decision.Accept(state.Removing && state.Runners.Length == 1 ? [released, new DeploymentRemoved()] : [released]);
    }

    private static Decision Place(DeploymentState state, RunnerDirectory directory, bool everything)
    {
        var placed = ImmutableArray.CreateBuilder<ServicePlacement>();
        var planned = new Dictionary<RunnerId, int>();
        foreach (var (spec, service) in state.Spec!.Services.Zip(state.Services))
        {
            var current = service.Placements.FirstOrDefault();
            var hash = ServiceSpecHash.Of(spec);
            var runner = PlacementRule.Choose(spec, current?.Placement.Runner, directory, planned);
            if (runner is not { } target || (!everything && current?.Placement.Runner == target && string.Equals(current.SpecHash, hash, StringComparison.Ordinal)))
            {
                continue;
            }

            placed.Add(new ServicePlacement(spec.Name, new Placement(0, service.LastGeneration + 1, target), hash));
            planned[target] = planned.GetValueOrDefault(target) + (current?.Placement.Runner == target ? 0 : 1);
        }

        return placed.Count == 0 ? Decision.Nothing : Decision.Accept([new ServicesPlaced(state.Version + 1, placed.ToImmutable())]);
    }

    private static IEnumerable<SpecProblem> UnknownRunner(ServiceSpec service, int index, DeploymentState state, RunnerDirectory directory)
    {
        if (service.Runner is { } named && directory.Settled && directory.Find(named) is null && !state.Runners.Contains(named))
        {
            yield return new SpecProblem(
                $"services[{index}].runner",
                $"the runner '{named}' is not known; known are {string.Join(", ", directory.Runners.Select(r => r.Status.Runner))}; start its node, or name another or none");
        }
    }

    private static ImmutableArray<ServiceAddress>? Addresses(DeploymentState state, DeploymentSpec wish, Ipv4Range range, out ImmutableArray<SpecProblem> problems)
    {
        var names = wish.Services.Select(service => service.Name).ToHashSet();
        var kept = state.Services.Where(service => names.Contains(service.Service)).ToDictionary(service => service.Service, service => service.IstAddress);
        var inUse = kept.Values.ToHashSet();
        var retired = state.Retired.Concat(state.Services.Where(s => !names.Contains(s.Service)).Select(s => new RetiredService(s.Service, s.IstAddress, s.LastGeneration))).ToList();
        foreach (var (service, index) in wish.Services.Select((service, index) => (service.Name, index)))
        {
            if (kept.ContainsKey(service))
            {
                continue;
            }

            if (IstAddressPlan.Choose(range, service, inUse, retired) is not { } address)
            {
                problems = [new SpecProblem($"services[{index}]", $"the range {range} has no address left for the service '{service}'; make the range of IST addresses larger")];
                return null;
            }

            kept[service] = address;
            inUse.Add(address);
        }

        problems = [];
        return [.. wish.Services.Select(service => new ServiceAddress(service.Name, kept[service.Name]))];
    }
}

/// <summary>What was decided.</summary>
/// <param name="Events">To be persisted together, in this order; empty when nothing changes.</param>
/// <param name="Problems">Why the wish is refused; empty otherwise.</param>
internal sealed record Decision(ImmutableArray<IDeploymentEvent> Events, ImmutableArray<SpecProblem> Problems)
{
    /// <summary>Nothing changes.</summary>
    public static Decision Nothing { get; } = new([], []);

    /// <summary>Events follow.</summary>
    public static Decision Accept(ImmutableArray<IDeploymentEvent> events) => new(events, []);

    /// <summary>The wish is refused.</summary>
    public static Decision Refuse(ImmutableArray<SpecProblem> problems) => new([], problems);
}
