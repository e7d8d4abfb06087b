namespace Warp.Cluster.Hosting;

/// <summary>The names of the top-level actors that other nodes send to: a part of the protocol, never changed.</summary>
public static class ActorNames
{
    /// <summary>The runner actor, on every runner: <c>/user/runner</c>.</summary>
    public const string Runner = "runner";

    /// <summary>The directory of runners, on every control node: <c>/user/runners</c>.</summary>
    public const string Directory = "runners";

    /// <summary>The catalog of deployments, on every control node: <c>/user/deployments</c>.</summary>
    public const string Catalog = "deployments";

    /// <summary>Tries whether the journal takes anything, on every control node: <c>/user/journal-probe</c>.</summary>
    public const string JournalProbe = "journal-probe";

    /// <summary>What the control nodes know of each other, on every control node: <c>/user/control-plane</c>.</summary>
    public const string ControlPlane = "control-plane";

    /// <summary>Takes the logins at image registries, on every runner: <c>/user/registry-logins</c>.</summary>
    public const string RegistryLogins = "registry-logins";

    /// <summary>Hosts the one actor of the logins at image registries, on the control nodes: <c>/user/registry-logins-owner</c>.</summary>
    public const string RegistryLoginsOwner = "registry-logins-owner";

    /// <summary>Hosts the one actor of the cluster's trust, on the control nodes: <c>/user/cluster-trust-owner</c>.</summary>
    public const string ClusterTrustOwner = "cluster-trust-owner";

    /// <summary>The sharding type of the deployment actors.</summary>
    public const string DeploymentShards = "deployment";
}

/// <summary>The roles of a node in the cluster; a node may have both.</summary>
public static class ClusterRoles
{
    /// <summary>Hosts deployment actors and their journal.</summary>
    public const string Control = "control";

    /// <summary>Runs containers.</summary>
    public const string Runner = "runner";
}
