using System.Collections.Immutable;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;

namespace Warp.Node.Configuration;

/// <summary>Every setting of a node, read and checked once at the start.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Node">Who the node is.</param>
/// <param name="BindAddress">The local address to listen on; "0.0.0.0" for all.</param>
/// <param name="Ports">The ports in force.</param>
/// <param name="Network">Private addresses and interception.</param>
/// <param name="Docker">The container engine.</param>
/// <param name="Relay">The tunnel's engine.</param>
/// <param name="Metrics">What is counted.</param>
/// <param name="Certificates">How long they live.</param>
/// <param name="Management">The HTTP API.</param>
/// <param name="Ingress">The public URLs.</param>
/// <param name="Cluster">The control nodes.</param>
/// <param name="Persistence">Where deployments are kept.</param>
/// <param name="LogLevel">The least level that is logged.</param>
/// <param name="Akka">The whole configuration, for the actor system.</param>
public sealed record WarpSettings(
    DataFolder Data,
    NodeDescription Node,
    string BindAddress,
    NodePorts Ports,
    NetworkSettings Network,
    DockerSettings Docker,
    RelaySettings Relay,
    MetricSettings Metrics,
    CertificateSettings Certificates,
    ManagementSettings Management,
    IngressSettings Ingress,
    ClusterSettings Cluster,
    PersistenceSettings Persistence,
    LogLevel LogLevel,
    Config Akka);

/// <summary><c>warp.network</c>.</summary>
/// <param name="IstRange">Where services get their private addresses from; equal on all nodes.</param>
/// <param name="BridgePool">Where bridge networks get their subnets from; does not overlap <paramref name="IstRange"/>.</param>
/// <param name="InterceptPort">The local port that connections to other runners are redirected to.</param>
/// <param name="NamesPort">The local port that containers' questions for names are redirected to.</param>
/// <param name="OpenHostPorts">Ports of the host that containers may reach; never one of the node's own.</param>
public sealed record NetworkSettings(Ipv4Range IstRange, Ipv4Range BridgePool, int InterceptPort, int NamesPort, ImmutableArray<int> OpenHostPorts);

/// <summary><c>warp.docker</c>.</summary>
/// <param name="Endpoint">The engine's API, such as <c>unix:///var/run/docker.sock</c>.</param>
/// <param name="BuildContextMegabytes">The largest build context that is taken, in MiB.</param>
/// <param name="PullStall">How long a registry may be silent during a pull.</param>
public sealed record DockerSettings(Uri Endpoint, int BuildContextMegabytes, TimeSpan PullStall);

/// <summary><c>warp.relay</c>.</summary>
/// <param name="DialFirst">Whether a connection is answered only once its service has been dialled.</param>
/// <param name="Loops">Threads; 0: one per processor, at most two.</param>
/// <param name="TrunksPerPeer">1 to 16.</param>
/// <param name="DialTimeout">How long a target container may take to accept.</param>
/// <param name="TrunkTimeout">A trunk silent for this long is dead.</param>
public sealed record RelaySettings(bool DialFirst, int Loops, int TrunksPerPeer, TimeSpan DialTimeout, TimeSpan TrunkTimeout)
{
    /// <summary>How long connections through a node that is told to stop may go on.</summary>
    public TimeSpan DrainDeadline { get; init; }

    /// <summary>How long new connections wait for a node that was stopped.</summary>
    public TimeSpan RestartWait { get; init; }
}

/// <summary><c>warp.metrics</c>.</summary>
/// <param name="MaxEdges">Pairs of services, with their port, that are counted by name.</param>
/// <param name="ForgetEdgeAfter">How long such a pair is remembered after its last connection.</param>
public sealed record MetricSettings(int MaxEdges, TimeSpan ForgetEdgeAfter);

/// <summary><c>warp.certificates</c>.</summary>
/// <param name="TunnelLife">How long the certificates of tunnels that this node signs are valid.</param>
/// <param name="ClockTolerance">By how much the clocks of nodes may differ.</param>
public sealed record CertificateSettings(TimeSpan TunnelLife, TimeSpan ClockTolerance);

/// <summary><c>warp.management</c> and <c>akka.management</c>.</summary>
/// <param name="SocketPath">The Unix socket of the same API.</param>
/// <param name="AskTimeout">How long a request waits for an actor.</param>
public sealed record ManagementSettings(string SocketPath, TimeSpan AskTimeout)
{
    /// <summary>The local IPv4 address to listen on.</summary>
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>The local port to listen on when it is not the one that others use, behind a port forwarding; 0 when it is.</summary>
    public int BindPort { get; init; }

    /// <summary>How much one caller may ask.</summary>
    public RateLimitSettings RateLimit { get; init; } = RateLimitSettings.Default;

    /// <summary>How much is kept of who changed what.</summary>
    public AuditSettings Audit { get; init; } = AuditSettings.Default;

    /// <summary>The routes of Akka Management.</summary>
    public AkkaManagementSettings Akka { get; init; } = new();
}

/// <summary><c>warp.ingress</c>.</summary>
/// <param name="HttpsPort">Where public URLs are served; 0: this node serves none.</param>
/// <param name="HttpPort">What redirects to HTTPS; 0: nothing does.</param>
/// <param name="Domains">What public URLs are under.</param>
public sealed record IngressSettings(int HttpsPort, int HttpPort, BaseDomains Domains)
{
    /// <summary>Whether this node serves public URLs: it has a port for them, and somebody has set a domain.</summary>
    public bool Serves => HttpsPort != 0 && !Domains.IsEmpty;
}

/// <summary><c>warp.cluster</c>.</summary>
/// <param name="ControlNodes">How many control nodes there are to be; the same on each of them.</param>
/// <param name="DrainDeadline">How long connections of an instance may go on that leaves a drained runner.</param>
/// <param name="RunnerGrace">How long a runner may be away before what can run elsewhere is placed elsewhere.</param>
public sealed record ClusterSettings(int ControlNodes, TimeSpan DrainDeadline, TimeSpan RunnerGrace);

/// <summary><c>warp.persistence</c>.</summary>
/// <param name="Provider">Which store.</param>
/// <param name="ConnectionString">For PostgreSQL; null for the embedded store.</param>
public sealed record PersistenceSettings(PersistenceProvider Provider, string? ConnectionString)
{
    /// <summary>Names the store only: a record's own text would print the password.</summary>
    public override string ToString() => Provider.ToString();
}

/// <summary>The stores a journal can be in.</summary>
public enum PersistenceProvider
{
    /// <summary>A file in the data folder; for one control node.</summary>
    Sqlite,

    /// <summary>A server that all control nodes share.</summary>
    Postgres,
}
