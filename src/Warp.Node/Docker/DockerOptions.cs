using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>How this node uses its container engine.</summary>
/// <param name="Cluster">The cluster's id; part of every label.</param>
/// <param name="Runner">This runner; part of every label.</param>
public sealed record DockerOptions(string Cluster, RunnerId Runner)
{
    /// <summary>Where the engine listens: <c>unix:///path</c> or <c>tcp://host:port</c> without TLS.</summary>
    public Uri Endpoint { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>The range that the deployments' bridge networks are cut from.</summary>
    public Ipv4Range BridgePool { get; init; } = Ipv4Range.Parse("10.208.0.0/12");

    /// <summary>The size of one bridge network; between the pool's prefix length and 29.</summary>
    public int BridgePrefixLength { get; init; } = 24;

    /// <summary>Whom containers ask for names when the node does not answer; read for each container that is made. The engine asks three at most, the node among them.</summary>
    public Func<ImmutableArray<Ipv4Address>> FurtherNameServers { get; init; } = () => [];

    /// <summary>How long the engine may take for anything but a pull; a stop has its grace on top.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a registry may be silent during a pull.</summary>
    public TimeSpan PullStall { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a pull may take.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The file that <c>docker login</c> writes, for registries that want a password; null when there is none.
    /// Only passwords in the file itself are read, no credential helpers.
    /// </summary>
    public string? RegistryCredentialsFile { get; init; } = DefaultCredentialsFile();

    private static string? DefaultCredentialsFile()
    {
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG");
        if (string.IsNullOrEmpty(folder))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            folder = home.Length == 0 ? null : Path.Combine(home, ".docker");
        }

        return folder is null ? null : Path.Combine(folder, "config.json");
    }
}
