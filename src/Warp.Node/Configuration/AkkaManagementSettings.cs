using System.Collections.Immutable;
using Akka.Cluster;
using Akka.Configuration;

namespace Warp.Node.Configuration;

/// <summary><c>akka.management</c>: the routes of Akka Management (https://doc.akka.io/libraries/akka-management/current/).</summary>
public sealed record AkkaManagementSettings
{
    /// <summary>What goes before each of these routes: empty, or a path that begins with a slash and does not end with one. Warp's own routes stay where they are.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>Whether the cluster can only be read. Else administrators may let members join, leave and be downed.</summary>
    public bool IsReadOnly { get; init; } = true;

    /// <summary>Whether <c>/cluster</c> is served.</summary>
    public bool ServesCluster { get; init; } = true;

    /// <summary>Whether <c>/bootstrap/seed-nodes</c> is served.</summary>
    public bool ServesBootstrap { get; init; } = true;

    /// <summary>Whether the probes are served.</summary>
    public bool ServesProbes { get; init; } = true;

    /// <summary>The path of the readiness probe, without a slash at its begin; may contain slashes.</summary>
    public string ReadinessPath { get; init; } = "ready";

    /// <summary>The path of the liveness probe, without a slash at its begin; may contain slashes.</summary>
    public string LivenessPath { get; init; } = "alive";

    /// <summary>Whether a node is ready only as a member of the cluster.</summary>
    public bool ChecksMembership { get; init; } = true;

    /// <summary>How long the checks of a probe may take together.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The states of a member in which the node counts as ready.</summary>
    public ImmutableArray<MemberStatus> ReadyStates { get; init; } = [MemberStatus.Up, MemberStatus.WeaklyUp];

    /// <summary>Reads checked configuration.</summary>
    internal static AkkaManagementSettings From(Config config) => new()
    {
        BasePath = config.GetString(SettingKeys.ManagementBasePath).Trim('/') is { Length: > 0 } path ? $"/{path}" : "",
        IsReadOnly = SettingValues.Flag(config.GetString(SettingKeys.ManagementReadOnly)),
        ServesCluster = SettingValues.Flag(config.GetString(SettingKeys.ClusterRoutes)),
        ServesBootstrap = SettingValues.Flag(config.GetString(SettingKeys.BootstrapRoutes)),
        ServesProbes = SettingValues.Flag(config.GetString(SettingKeys.ProbeRoutes)),
        ReadinessPath = config.GetString(SettingKeys.ReadinessPath).Trim('/'),
        LivenessPath = config.GetString(SettingKeys.LivenessPath).Trim('/'),
        ChecksMembership = SettingValues.Flag(config.GetString(SettingKeys.MembershipCheck)),
        CheckTimeout = SettingValues.Duration(config.GetString(SettingKeys.CheckTimeout)),
        ReadyStates = [.. config.GetStringList(SettingKeys.ReadyStates).Select(Enum.Parse<MemberStatus>)],
    };
}
