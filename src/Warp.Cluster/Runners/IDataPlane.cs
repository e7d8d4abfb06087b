using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>The relay's route table: a swap in memory, never blocking.</summary>
public interface IRouteHolder
{
    /// <summary>Makes the snapshot the one that new connections use, and ends open streams that it no longer allows.</summary>
    void Publish(RunnerRoutes routes);
}

/// <summary>The kernel's part of the data plane: the nftables table that redirects, translates and guards.</summary>
public interface IRuleSet
{
    /// <summary>Brings the kernel to what the snapshot needs, in one transaction; only differences are written.</summary>
    Task<RuleSetOutcome> ApplyAsync(RunnerRoutes routes, CancellationToken cancellationToken);

    /// <summary>Looks whether the rules are as last applied and restores them when something removed or changed them.</summary>
    Task<RuleSetOutcome> VerifyAsync(CancellationToken cancellationToken);
}

/// <summary>What came of it.</summary>
/// <param name="Repaired">What was found missing or changed and is restored, for the log; null when nothing was.</param>
/// <param name="Failure">Why the kernel refused, with the next step; null on success.</param>
public sealed record RuleSetOutcome(string? Repaired, string? Failure);

/// <summary>What a runner keeps on its disk so that a restarted node relays before any control node answers.</summary>
public interface IAssignmentStore
{
    /// <summary>Everything that was kept; a file that cannot be read is set aside and named in the problems, never fatal.</summary>
    Task<StoredAssignments> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces what is kept about the assignment's deployment, atomically.</summary>
    Task SaveAsync(Assignment assignment, CancellationToken cancellationToken);

    /// <summary>Forgets a deployment.</summary>
    Task DeleteAsync(Identity.DeploymentName deployment, CancellationToken cancellationToken);

    /// <summary>Replaces what is kept about the public URLs of the routes' deployment, atomically.</summary>
    Task SavePublicAsync(PublicRoutes routes, CancellationToken cancellationToken);

    /// <summary>Forgets the public URLs of a deployment.</summary>
    Task DeletePublicAsync(Identity.DeploymentName deployment, CancellationToken cancellationToken);

    /// <summary>Replaces the list of peers, atomically.</summary>
    Task SavePeersAsync(PeerList peers, CancellationToken cancellationToken);
}

/// <summary>What was found on disk.</summary>
/// <param name="Assignments">By deployment.</param>
/// <param name="Peers">The last list; empty when none.</param>
/// <param name="Problems">Files that could not be read, for a person.</param>
/// <param name="Public">The public URLs by deployment; never default.</param>
public sealed record StoredAssignments(
    ImmutableArray<Assignment> Assignments, PeerList Peers, ImmutableArray<string> Problems, ImmutableArray<PublicRoutes> Public = default)
{
    /// <inheritdoc cref="StoredAssignments"/>
    public ImmutableArray<PublicRoutes> Public { get; init; } = Public.IsDefault ? [] : Public;
}
