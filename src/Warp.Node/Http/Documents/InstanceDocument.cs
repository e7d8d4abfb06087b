using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>One instance of a service; what its runner reported about an older generation is not shown as its own.</summary>
/// <param name="Ordinal">The replica's number, from 0.</param>
/// <param name="Generation">Rises with each placement of the ordinal, from 1.</param>
/// <param name="Runner">Where it is placed.</param>
/// <param name="RunnerReachable">Whether the runner was heard of lately; when not, the rest is what it said last.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="ContainerId">The engine's id; null before the container is made.</param>
/// <param name="ContainerAddress">On the deployment's network of that runner; null while it does not run.</param>
/// <param name="StartedAt">When the container started; null while it does not run.</param>
/// <param name="Restarts">How many times it was started again under this generation.</param>
/// <param name="ImagePort">The image's single EXPOSEd TCP port; null when none or several.</param>
/// <param name="Cause">Why it does not run or is not ready, for a person, with the next step; null when there is nothing to say.</param>
/// <param name="Role">Its part in the service.</param>
/// <param name="Health">Whether it may take connections.</param>
/// <param name="Failure">What kind of thing is wrong, for a program; null when nothing is.</param>
/// <param name="Stays">Why it does not leave its runner, which is being drained or is away, for a person; null when it does, or when the runner is well.</param>
internal sealed record InstanceDocument(
    int Ordinal,
    long Generation,
    string Runner,
    bool RunnerReachable,
    InstancePhase Phase,
    string? ContainerId,
    string? ContainerAddress,
    DateTimeOffset? StartedAt,
    int Restarts,
    int? ImagePort,
    string? Cause,
    PlacementRole Role = PlacementRole.Serving,
    InstanceHealth Health = InstanceHealth.Unknown,
    InstanceFailure? Failure = null,
    string? Stays = null)
{
    public static InstanceDocument From(InstanceView view)
    {
        var seen = view.Observed is { } observed && observed.Instance.Generation == view.Generation ? observed : null;
        return new(
            view.Ordinal,
            view.Generation,
            view.Runner.Value,
            view.RunnerReachable,
            seen?.Phase ?? InstancePhase.Pending,
            seen?.ContainerId,
            seen?.ContainerAddress?.ToString(),
            seen?.StartedAt,
            seen?.Restarts ?? 0,
            seen?.ImagePort,
            seen?.Cause,
            view.Role,
            seen?.Health ?? InstanceHealth.Unknown,
            InstanceFailures.Of(view.RunnerReachable, seen),
            view.Stays);
    }
}

/// <summary>What is wrong with an instance.</summary>
internal enum InstanceFailure
{
    /// <summary>Its runner is not heard of.</summary>
    RunnerUnreachable,

    /// <summary>Its container cannot be made: the image, a volume, the engine.</summary>
    CannotStart,

    /// <summary>It ended by itself and is started again.</summary>
    Ended,

    /// <summary>It ended again and again under one generation; each attempt waits longer.</summary>
    CrashLoop,

    /// <summary>It runs and fails its health checks.</summary>
    Unhealthy,
}

/// <summary>Tells what is wrong from what was seen.</summary>
internal static class InstanceFailures
{
    /// <summary>A container that was started again this often under one generation is in a crash loop.</summary>
    private const int CrashLoop = 3;

    public static InstanceFailure? Of(bool runnerReachable, InstanceObserved? seen) => seen switch
    {
        _ when !runnerReachable => InstanceFailure.RunnerUnreachable,
        { Phase: InstancePhase.BackingOff, ContainerId: null } => InstanceFailure.CannotStart,
        { Phase: InstancePhase.BackingOff, Restarts: >= CrashLoop } => InstanceFailure.CrashLoop,
        { Phase: InstancePhase.BackingOff } => InstanceFailure.Ended,
        { Health: InstanceHealth.Unhealthy } => InstanceFailure.Unhealthy,
        _ => null,
    };
}
