using System.Collections.Immutable;

namespace Warp.Node.Metrics;

/// <summary>Every metric of a node; docs/operations.md tells each of them, and a test keeps both equal.</summary>
internal static class MetricCatalog
{
    private static readonly ImmutableArray<string> Edge = ["deployment", "caller", "target", "port"];

    public static readonly MetricDefinition BuildInfo = new("warp_build_info", MetricKind.Gauge, "Always 1; the labels say who this is.", "version", "cluster", "runner");
    public static readonly MetricDefinition CertificateEnd = new("warp_certificate_expiry_timestamp_seconds", MetricKind.Gauge, "When the certificate ends, in Unix time.", "certificate");

    public static readonly MetricDefinition EdgeConnections = new("warp_edge_connections", MetricKind.Gauge, "Relayed connections open now, by who calls whom.", Edge);
    public static readonly MetricDefinition EdgeConnect = new("warp_edge_connect_seconds", MetricKind.Histogram, "How long callers waited until their target took the connection.", Edge);
    public static readonly MetricDefinition EdgeSent = new("warp_edge_sent_bytes_total", MetricKind.Counter, "Payload bytes from callers to targets.", Edge);
    public static readonly MetricDefinition EdgeReceived = new("warp_edge_received_bytes_total", MetricKind.Counter, "Payload bytes from targets to callers.", Edge);
    public static readonly MetricDefinition EdgeFailures = new("warp_edge_failures_total", MetricKind.Counter, "Connections that failed, or that the relay had to end.", [.. Edge, "reason"]);

    public static readonly MetricDefinition TunnelTrunks = new("warp_tunnel_trunks", MetricKind.Gauge, "Encrypted connections open to a runner.", "peer");
    public static readonly MetricDefinition TunnelStreams = new("warp_tunnel_streams", MetricKind.Gauge, "Relayed connections open to and from a runner.", "peer");
    public static readonly MetricDefinition TunnelSent = new("warp_tunnel_sent_bytes_total", MetricKind.Counter, "Payload bytes sent to a runner.", "peer");
    public static readonly MetricDefinition TunnelReceived = new("warp_tunnel_received_bytes_total", MetricKind.Counter, "Payload bytes received from a runner.", "peer");
    public static readonly MetricDefinition BufferedBytes = new("warp_relay_buffered_bytes", MetricKind.Gauge, "Payload that waits in this process for slow readers.");
    public static readonly MetricDefinition Denied = new("warp_denied_total", MetricKind.Counter, "What was not let through: packets at the firewall, else connections.", "place", "reason");
    public static readonly MetricDefinition NameQuestions = new("warp_name_questions_total", MetricKind.Counter, "Questions of containers for names, by what came of them.", "result");

    public static readonly MetricDefinition Restarts = new("warp_container_restarts_total", MetricKind.Counter, "Containers of this runner that were started again.", "deployment", "service");
    public static readonly MetricDefinition Rollouts = new("warp_rollout_seconds", MetricKind.Histogram, "How long revisions took from their acceptance until all of them served, or failed.", "outcome");
    public static readonly MetricDefinition Members = new("warp_cluster_members", MetricKind.Gauge, "Nodes of the cluster as this one sees them.", "status");
    public static readonly MetricDefinition Unreachable = new("warp_cluster_unreachable_members", MetricKind.Gauge, "Nodes that somebody in the cluster cannot reach.");
    public static readonly MetricDefinition Shards = new("warp_cluster_shards", MetricKind.Gauge, "Shards of deployments on this control node.");
    public static readonly MetricDefinition Deployments = new("warp_cluster_deployments", MetricKind.Gauge, "Deployments that this control node answers for.");

    public static readonly MetricDefinition ProcessCpu = new("process_cpu_seconds_total", MetricKind.Counter, "Processor time of the node, user and system.");
    public static readonly MetricDefinition ProcessMemory = new("process_resident_memory_bytes", MetricKind.Gauge, "Memory of the node.");
    public static readonly MetricDefinition ProcessFiles = new("process_open_fds", MetricKind.Gauge, "Open files and sockets of the node.");
    public static readonly MetricDefinition ProcessMaxFiles = new("process_max_fds", MetricKind.Gauge, "How many it may have.");
    public static readonly MetricDefinition ProcessStart = new("process_start_time_seconds", MetricKind.Gauge, "When the node began, in Unix time.");
    public static readonly MetricDefinition HeapBytes = new("dotnet_gc_heap_bytes", MetricKind.Gauge, "Memory of the garbage collected heap.");
    public static readonly MetricDefinition GcPause = new("dotnet_gc_pause_seconds_total", MetricKind.Counter, "How long the garbage collector has stopped all threads.");

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        BuildInfo, CertificateEnd,
        EdgeConnections, EdgeConnect, EdgeSent, EdgeReceived, EdgeFailures,
        TunnelTrunks, TunnelStreams, TunnelSent, TunnelReceived, BufferedBytes, Denied, NameQuestions,
        Restarts, Rollouts, Members, Unreachable, Shards, Deployments,
        ProcessCpu, ProcessMemory, ProcessFiles, ProcessMaxFiles, ProcessStart, HeapBytes, GcPause,
    ];
}
