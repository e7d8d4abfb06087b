using Warp.Cluster.Identity;

namespace Warp.Cluster.Deployments;

/// <summary>What is set for all deployment actors of a node.</summary>
/// <param name="IstRange">Where IST addresses come from.</param>
internal sealed record DeploymentActorSettings(Ipv4Range IstRange)
{
    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How often a rollout's time limits are looked at while it is under way.</summary>
    public TimeSpan AdvanceEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often wish and reality are compared without an occasion.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the catalogs, and the runners' public routes, are told without an occasion.</summary>
    public TimeSpan AnnounceEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many events a snapshot is kept.</summary>
    public int SnapshotEvery { get; init; } = 50;
}
