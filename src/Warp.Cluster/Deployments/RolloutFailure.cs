using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>When a rollout has failed: an instance that is to take another's place cannot be made, ends again and again, or does not become ready in time.</summary>
internal static class RolloutFailure
{
    /// <summary>A container that ended so often is not going to stay.</summary>
    private const int MostEnds = 3;

    /// <summary>What cannot be made at once may be made at the second or third try.</summary>
    private static readonly TimeSpan ToBeMade = TimeSpan.FromSeconds(15);

    /// <summary>How long an instance without a health check of its own may take.</summary>
    private static readonly int StartSeconds = new HealthCheck(HealthCheckKind.Tcp).StartSeconds;

    /// <summary>Why the rollout has failed, for a person.</summary>
    /// <returns>Null when it has not.</returns>
    public static string? Of(DeploymentState state, RolloutSight sight) =>
        (from wished in state.Wished
         from placed in wished.Service.Placements
         where placed.Placement.Role == PlacementRole.Starting && ServiceRollout.IsCurrent(wished.Spec, wished.Service, placed) && !TakesOver(wished.Spec, wished.Service, placed)
         select Of(wished.Spec, placed, sight.Find(placed.Placement.Runner, state.Instance(placed)), sight.Now)).FirstOrDefault(failure => failure is not null);

    /// <summary>Whether what serves is already what is wished, on a runner that it is to leave: no other revision would help, and it goes on serving.</summary>
    private static bool TakesOver(ServiceSpec spec, ServiceState service, ServicePlacement starting) => service.Placements.Any(placed =>
        placed.Placement.Ordinal == starting.Placement.Ordinal && placed.Placement.Role == PlacementRole.Serving && ServiceRollout.IsCurrent(spec, service, placed));

    private static string? Of(ServiceSpec spec, ServicePlacement placed, InstanceSight? instance, DateTimeOffset now)
    {
        if (instance is null or { IsReady: true })
        {
            return null;
        }

        var (observed, start) = (instance.Observed, spec.Health?.StartSeconds ?? StartSeconds);
        var who = $"{spec.Name} on {placed.Placement.Runner}";
        var why = observed.Cause is { } cause ? $": {cause}" : "";
        var ends = observed.Restarts + (observed.Phase == InstancePhase.BackingOff && observed.ContainerId is not null ? 1 : 0);
        return observed switch
        {
            { Phase: InstancePhase.BackingOff, ContainerId: null } when now - placed.Since >= ToBeMade => $"{who} cannot be made{why}",
            _ when ends >= MostEnds => $"{who} ended {ends} times{why}",
            { Health: InstanceHealth.Unhealthy, Cause: not null } => $"{who}{why}",
            _ when now - instance.FirstRunning >= TimeSpan.FromSeconds(start) => $"{who} was not ready within {start} s{why}",
            _ => null,
        };
    }
}
