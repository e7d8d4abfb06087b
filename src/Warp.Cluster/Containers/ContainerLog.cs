using Akka.Event;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Containers;

/// <summary>What a person finds in the node's log about a container's life: each change of phase once, and what was put right.</summary>
internal static class ContainerLog
{
    /// <summary>Writes the line for a change; most changes have none.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="before">What was reported last; null at first.</param>
    /// <param name="now">What is reported now.</param>
    public static void Write(ILoggingAdapter log, InstanceObserved? before, InstanceObserved now)
    {
        if (now.Phase == before?.Phase)
        {
            return;
        }

        switch (now.Phase)
        {
            case InstancePhase.BackingOff:
                log.Warning("{0} does not run: {1}", now.Instance, now.Cause);
                break;
            case InstancePhase.Running when before is null:
                log.Info("{0} runs and was adopted (container {1})", now.Instance, ShortId(now));
                break;
            case InstancePhase.Running when now.Restarts > 0:
                log.Info("{0} runs again (container {1}, restarts: {2})", now.Instance, ShortId(now), now.Restarts);
                break;
            case InstancePhase.Running:
                log.Info("{0} runs (container {1})", now.Instance, ShortId(now));
                break;
            case InstancePhase.Stopping:
                log.Info("{0} is stopped and removed", now.Instance);
                break;
        }
    }

    private static string? ShortId(InstanceObserved observed) => observed.ContainerId is { Length: > 12 } id ? id[..12] : observed.ContainerId;
}
