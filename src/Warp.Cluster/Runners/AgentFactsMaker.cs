using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>Puts together what an agent tells its runner. Pure.</summary>
internal static class AgentFactsMaker
{
    private const string OrphanCause = "no control node knows this deployment; its container is kept until it is deployed again, or removed by hand";

    /// <summary>The facts, instances in the order of service, ordinal and generation.</summary>
    public static AgentFacts Make(
        DeploymentName deployment,
        AgentGoal goal,
        bool unknown,
        BridgeNetwork? bridge,
        string? problem,
        IReadOnlyDictionary<ContainerKey, AgentContainer> containers,
        IReadOnlyDictionary<ContainerKey, ObservedContainer> orphans)
    {
        var present = containers.Values.Select(c => Show(c, unknown)).Concat(orphans.Select(o => Orphan(o.Key, o.Value, unknown))).ToList();
        var waiting = goal.Wanted
            .Where(w => !w.Leaves && present.TrueForAll(p => p.Instance != w.Key.Instance))
            .Select(w => Waiting(w, containers, problem));
        return new AgentFacts(
            deployment,
            goal.Version,
            unknown,
            bridge,
            [
                .. present.Concat(waiting)
                    .OrderBy(i => i.Instance.Service.Value, StringComparer.Ordinal)
                    .ThenBy(i => i.Instance.Ordinal)
                    .ThenBy(i => i.Instance.Generation),
            ],
            problem);
    }

    private static InstanceObserved Show(AgentContainer container, bool unknown) => (container.Duty, unknown) switch
    {
        (ContainerDuty.Drain or ContainerDuty.Retire, _) => container.Observed with { Phase = InstancePhase.Stopping },
        (_, true) => container.Observed with { Phase = InstancePhase.Orphaned, Cause = OrphanCause },
        _ => container.Observed,
    };

    private static InstanceObserved Orphan(ContainerKey key, ObservedContainer container, bool unknown) =>
        (ContainerLife.Begin(key, container, InstancePhase.Orphaned) with { Cause = unknown ? OrphanCause : null }).ToObserved();

    private static InstanceObserved Waiting(WantedContainer wanted, IReadOnlyDictionary<ContainerKey, AgentContainer> containers, string? problem)
    {
        var before = containers.Keys.FirstOrDefault(wanted.WaitsFor);
        var cause = before is null ? problem : $"waits until generation {before.Instance.Generation} has stopped";
        return new InstanceObserved(wanted.Key.Instance, InstancePhase.Pending, null, null, null, 0, null, cause);
    }
}
