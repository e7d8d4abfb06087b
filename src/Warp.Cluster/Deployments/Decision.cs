using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What was decided.</summary>
/// <param name="Events">To be persisted together, in this order; empty when nothing changes.</param>
/// <param name="Refusal">What the one who asked is told when the wish is refused; null otherwise.</param>
/// <param name="Repeats">The revision that the same wish made or found before; null when it is new.</param>
internal sealed record Decision(ImmutableArray<IDeploymentEvent> Events, IWarpMessage? Refusal = null, long? Repeats = null)
{
    /// <summary>Nothing changes.</summary>
    public static Decision Nothing { get; } = new([]);

    /// <summary>What is wrong with the wish; empty when it is not refused for what it says.</summary>
    public ImmutableArray<SpecProblem> Problems => (Refusal as DeploymentRejected)?.Problems ?? [];

    /// <summary>Events follow.</summary>
    public static Decision Accept(ImmutableArray<IDeploymentEvent> events) => new(events);

    /// <summary>The wish is refused.</summary>
    public static Decision Refuse(DeploymentName deployment, ImmutableArray<SpecProblem> problems) => new([], new DeploymentRejected(deployment, problems));

    /// <summary>The wish is refused for one reason.</summary>
    public static Decision Refuse(DeploymentName deployment, string field, string problem) => Refuse(deployment, [new SpecProblem(field, problem)]);
}
