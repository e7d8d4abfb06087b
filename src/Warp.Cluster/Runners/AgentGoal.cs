using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Runners;

/// <summary>What an agent works towards: an assignment, read for one runner; immutable.</summary>
/// <param name="Assignment">The last one; null before the first.</param>
/// <param name="Runner">This runner.</param>
/// <param name="Wanted">The placements here, in the order of the services.</param>
internal sealed record AgentGoal(Assignment? Assignment, RunnerId Runner, ImmutableArray<WantedContainer> Wanted)
{
    /// <summary>Before the first assignment.</summary>
    public static AgentGoal None(RunnerId runner) => new(null, runner, []);

    /// <summary>From an assignment.</summary>
    public static AgentGoal From(Assignment assignment, RunnerId runner) => new(
        assignment,
        runner,
        [
            .. from service in assignment.Services
               from placement in service.Placements
               where placement.Runner == runner
               let spec = placement.FormerSpec ? service.FormerSpec ?? service.Spec : service.Spec
               let instance = new InstanceId(assignment.Deployment, service.Spec.Name, placement.Ordinal, placement.Generation)
               let stopsFirst = spec.StopsFirst || service.Spec.StopsFirst
               select new WantedContainer(new ContainerKey(instance, ServiceSpecHash.Of(spec)), placement.Role, spec, stopsFirst, placement.FormerSpec) { DrainSeconds = placement.DrainSeconds },
        ]);

    /// <summary>Whether the assignment was read from the disk, and no control node has spoken since.</summary>
    public bool IsFromDisk { get; init; }

    /// <summary>With what is there, as decisions need it.</summary>
    public AgentSituation Situation(ImmutableDictionary<ContainerKey, ContainerDuty> containers, bool network) =>
        new(Assignment is not null, Wanted, containers, network) { FromDisk = IsFromDisk ? Assignment : null };

    /// <summary>The version; 0 without an assignment.</summary>
    public long Version => Assignment?.Version ?? 0;

    /// <summary>The placement whose container it is; null when it is nobody's.</summary>
    public WantedContainer? For(ContainerKey container) => Wanted.FirstOrDefault(wanted => wanted.Claims(container));

    /// <summary>The container's wish, when a placement wants it to run.</summary>
    /// <param name="container">Which.</param>
    /// <param name="network">The deployment's network; null while there is none.</param>
    public ContainerWish? WishFor(ContainerKey container, BridgeNetwork? network) =>
        Assignment is { } assignment && For(container) is { Duty: ContainerDuty.Run or ContainerDuty.Keep } wanted
            ? new ContainerWish(container, assignment, wanted.Spec, Runner, network, wanted.Leaves ? null : wanted.Spec.Restart)
            : null;
}
