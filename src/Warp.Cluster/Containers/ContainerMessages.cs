using Akka.Actor;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Containers;

/// <summary>Agent to container actor: let it run, and keep it running.</summary>
internal sealed record RunContainer(ContainerWish Wish) : INoSerializationVerificationNeeded;

/// <summary>Agent to container actor: stop and remove it, then end. May be said again to make it quicker.</summary>
/// <param name="Grace">Between SIGTERM and SIGKILL.</param>
/// <param name="DrainFor">How long the connections into it may go on before that; zero to stop at once.</param>
internal sealed record RetireContainer(TimeSpan Grace, TimeSpan DrainFor) : INoSerializationVerificationNeeded;

/// <summary>Agent to container actor: something may have changed; ask the engine.</summary>
internal sealed record LookAgain : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static LookAgain Instance { get; } = new();
}

/// <summary>Container actor to agent, on every change.</summary>
internal sealed record ContainerReport(ContainerKey Key, InstanceObserved Observed) : INoSerializationVerificationNeeded;

/// <summary>Container actor to agent, its last word: there is no such container any more, and none is to be.</summary>
internal sealed record ContainerGone(ContainerKey Key) : INoSerializationVerificationNeeded;
