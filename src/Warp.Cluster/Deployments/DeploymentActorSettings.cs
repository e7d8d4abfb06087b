using Warp.Cluster.Identity;

namespace Warp.Cluster.Deployments;

/// <summary>What is set for all deployment actors of a node.</summary>
/// <param name="IstRange">Where IST addresses come from.</param>
internal sealed record DeploymentActorSettings(Ipv4Range IstRange)
{
    /// <summary>How often wish and reality are compared without an occasion.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the catalogs are told without an occasion.</summary>
    public TimeSpan AnnounceEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many events a snapshot is kept.</summary>
    public int SnapshotEvery { get; init; } = 50;
}
