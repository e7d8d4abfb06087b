using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What follows from a user's wish: events, nothing, or a refusal. Pure.</summary>
internal static class WishDecider
{
    /// <summary>Decides on a wish.</summary>
    /// <param name="state">The deployment.</param>
    /// <param name="wish">One of <see cref="ApplyDeployment"/>, <see cref="ChangeDeployment"/> and <see cref="RemoveDeployment"/>.</param>
    /// <param name="sight">The world.</param>
    /// <param name="range">Where addresses come from.</param>
    public static Decision Decide(DeploymentState state, IDeploymentMessage wish, RolloutSight sight, Ipv4Range range) => wish switch
    {
        ApplyDeployment apply => Barred(state, apply.ExpectedRevision, apply.RequestId)
            ?? Apply(state, apply.Spec, sight, range, new WishOrigin(RevisionRecord.Deployed, apply.RequestId)),
        ChangeDeployment change => Barred(state, change.ExpectedRevision, change.RequestId)
            ?? ChangeDecider.Decide(state, change.Change, sight, range, change.RequestId),
        RemoveDeployment remove => Remove(state, remove.ExpectedRevision),
        _ => throw new ArgumentException($"{wish.GetType().Name} is not a wish", nameof(wish)),
    };

    /// <summary>A whole spec: accepted with events, accepted without when nothing changes, or refused with problems.</summary>
    public static Decision Apply(DeploymentState state, DeploymentSpec wish, RolloutSight sight, Ipv4Range range, WishOrigin origin)
    {
        if (state.IsWanted && origin.Fresh.IsEmpty && SpecEquality.Same(state.Spec!, wish))
        {
            return origin.RequestId is { } request ? Decision.Accept([new RequestAccepted(request)]) : Decision.Nothing;
        }

        var problems = WishChecks.Of(state, wish, sight.Directory);
        return problems.IsEmpty ? Accept(state, wish, sight, range, origin) : Decision.Refuse(state.Deployment, problems);
    }

    /// <summary>A spec that nothing speaks against, unless there is no address left.</summary>
    public static Decision Accept(DeploymentState state, DeploymentSpec wish, RolloutSight sight, Ipv4Range range, WishOrigin origin)
    {
        if (AddressDecider.Choose(state, wish, range, out var problem) is not { } addresses)
        {
            return Decision.Refuse(state.Deployment, [problem!]);
        }

        var names = wish.Services.Select(service => service.Name).ToHashSet();
        var relabelled = state.Spec is { } before && (before.Project, before.Environment) != (wish.Project, wish.Environment);
        var applied = new SpecApplied(
            state.Revision + 1,
            state.Version + 1,
            wish,
            addresses,
            sight.Now,
            origin.Reason,
            origin.RequestId,
            relabelled ? [.. names] : origin.Fresh,
            [.. state.Services.Select(service => service.Service).Where(service => !names.Contains(service))],
            origin.Failure);
        return Decision.Accept(RolloutDecider.Place(state.Apply(applied), sight) is { } placed ? [applied, placed] : [applied]);
    }

    /// <summary>What was wished last, from another state than the one that it was wished in.</summary>
    /// <param name="wished">The state with the wish.</param>
    /// <param name="events">They lead to the other state.</param>
    /// <param name="sight">The world.</param>
    /// <param name="range">Where addresses come from.</param>
    public static Decision Again(DeploymentState wished, ImmutableArray<IDeploymentEvent> events, RolloutSight sight, Ipv4Range range)
    {
        var other = events.Aggregate(wished, DeploymentEvolution.Apply);
        var again = wished is { IsWanted: true, Spec: { } spec } ? Accept(other, spec, sight, range, new WishOrigin(RevisionRecord.Deployed)) : Remove(other, expected: null);
        return Decision.Accept(events.AddRange(again.Events));
    }

    private static Decision Remove(DeploymentState state, long? expected)
    {
        if (state.Spec is null)
        {
            return new Decision([], new DeploymentNotFound(state.Deployment));
        }

        if (!state.IsWanted)
        {
            return Decision.Nothing;
        }

        var accepted = new RemovalAccepted(state.Version + 1);
        return Conflict(state, expected) ?? Decision.Accept(state.Runners.IsEmpty ? [accepted, new DeploymentRemoved()] : [accepted]);
    }

    /// <summary>What keeps a wish from being looked at; null when nothing does. A repeated wish is known by its id before its revision is: it changed the revision itself.</summary>
    private static Decision? Barred(DeploymentState state, long? expected, string? request) =>
        request is not null && state.Spec is not null && state.Requests.LastOrDefault(known => string.Equals(known.RequestId, request, StringComparison.Ordinal)) is { } known
            ? Decision.Nothing with { Repeats = known.Revision }
            : Conflict(state, expected);

    private static Decision? Conflict(DeploymentState state, long? expected)
    {
        var revision = state.Spec is null ? 0 : state.Revision;
        return expected is null || expected == revision ? null : new Decision([], new DeploymentConflict(state.Deployment, revision));
    }
}

/// <summary>Where a new revision comes from.</summary>
/// <param name="Reason">For a person.</param>
/// <param name="RequestId">The wish's id; null when it has none.</param>
/// <param name="Failure">Why the revision before failed, when nobody asked for this one; null otherwise.</param>
internal sealed record WishOrigin(string Reason, string? RequestId = null, string? Failure = null)
{
    /// <summary>Services of which every instance is to be replaced in any case.</summary>
    public ImmutableArray<ServiceName> Fresh { get; init; } = [];
}
