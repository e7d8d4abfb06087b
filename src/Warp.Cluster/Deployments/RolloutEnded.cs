using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Deployments;

/// <summary>A revision serves completely, or was given up. Published on the actor system's event stream, for whoever counts; never sent.</summary>
/// <param name="Deployment">Whose.</param>
/// <param name="Revision">Which.</param>
/// <param name="AcceptedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Completed">Whether all of it serves.</param>
public sealed record RolloutEnded(DeploymentName Deployment, long Revision, DateTimeOffset AcceptedAt, DateTimeOffset EndedAt, bool Completed) : INoSerializationVerificationNeeded
{
    /// <summary>What the events mean for the rollout that was under way before them.</summary>
    /// <returns>Null when it goes on, or when it is not known when it began.</returns>
    internal static RolloutEnded? Of(DeploymentState before, ImmutableArray<IDeploymentEvent> events, DateTimeOffset now)
    {
        var completed = events.Any(one => one is RolloutCompleted);
        var failed = events.Any(one => one is SpecApplied { Failure: not null });
        return (completed || failed) && before.History.LastOrDefault() is { } record && record.Revision == before.Revision && record.AcceptedAt > DateTimeOffset.UnixEpoch
            ? new RolloutEnded(before.Deployment, before.Revision, record.AcceptedAt, now, completed)
            : null;
    }
}
