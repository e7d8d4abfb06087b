using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>What control nodes told this runner; immutable. Versions fence: what is older than the last word is late.</summary>
internal sealed record RunnerKnowledge
{
    private ImmutableDictionary<DeploymentName, long> Fences { get; init; } = ImmutableDictionary<DeploymentName, long>.Empty;

    /// <summary>By deployment.</summary>
    public ImmutableDictionary<DeploymentName, Assignment> Assignments { get; private init; } = ImmutableDictionary<DeploymentName, Assignment>.Empty;

    /// <summary>Every runner ever heard of, ordered by name.</summary>
    public ImmutableArray<Peer> Peers { get; private init; } = [];

    private ImmutableHashSet<DeploymentName> FromDisk { get; init; } = [];

    /// <summary>As kept on disk.</summary>
    public static RunnerKnowledge From(StoredAssignments stored) =>
        stored.Assignments.Aggregate(new RunnerKnowledge(), (knowledge, assignment) => knowledge.With(assignment)).With(stored.Peers) with
        {
            FromDisk = [.. stored.Assignments.Select(assignment => assignment.Deployment)],
        };

    /// <summary>Whether what is known of the deployment was read from the disk, and no control node has said anything newer since.</summary>
    public bool IsFromDisk(DeploymentName deployment) => FromDisk.Contains(deployment);

    /// <summary>Whether the assignment says something new. One that was carried out and forgotten is new again, so that its sender gets its answer.</summary>
    public bool IsNews(Assignment assignment)
    {
        var fence = Fences.GetValueOrDefault(assignment.Deployment);
        return assignment.Version > fence || (assignment.Version == fence && !Assignments.ContainsKey(assignment.Deployment));
    }

    /// <summary>What this runner works from, when it is of a later version than the given one; null when it is not.</summary>
    public Assignment? LaterThan(Assignment assignment) => Assignments.GetValueOrDefault(assignment.Deployment) is { } held && held.Version > assignment.Version ? held : null;

    /// <summary>With a newer assignment.</summary>
    public RunnerKnowledge With(Assignment assignment) => this with
    {
        Assignments = Assignments.SetItem(assignment.Deployment, assignment),
        Fences = Fences.SetItem(assignment.Deployment, assignment.Version),
        FromDisk = FromDisk.Remove(assignment.Deployment),
    };

    /// <summary>Carried out to the end and forgotten; late messages about it stay late.</summary>
    public RunnerKnowledge Without(DeploymentName deployment) => this with { Assignments = Assignments.Remove(deployment) };

    /// <summary>No control node knows the deployment: whoever deploys it again counts from the beginning.</summary>
    public RunnerKnowledge WithoutFence(DeploymentName deployment) => this with { Fences = Fences.Remove(deployment) };

    /// <summary>With what a list adds or changes; who is missing from it is not gone.</summary>
    public RunnerKnowledge With(PeerList list) => this with
    {
        Peers = [.. list.Peers.Concat(Peers).DistinctBy(p => p.Runner).OrderBy(p => p.Runner.Value, StringComparer.Ordinal)],
    };
}
