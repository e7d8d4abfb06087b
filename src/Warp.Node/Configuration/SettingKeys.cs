namespace Warp.Node.Configuration;

/// <summary>What a setting's value has to look like.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>An IPv4 address.</summary>
    Address,

    /// <summary>A whole number from 0.</summary>
    Number,

    /// <summary>A whole number from 1 to 16.</summary>
    Few,

    /// <summary>A TCP port, 0 to 65535.</summary>
    Port,

    /// <summary>A list of TCP ports, each 1 to 65535.</summary>
    PortList,

    /// <summary>A duration such as <c>500ms</c> or <c>5s</c>, above zero.</summary>
    Duration,

    /// <summary>An IPv4 range such as 10.201.0.0/16.</summary>
    Range,

    /// <summary>An absolute URI.</summary>
    Uri,

    /// <summary>A domain name; empty for none.</summary>
    Domain,

    /// <summary>Domain names by an id.</summary>
    DomainMap,

    /// <summary>An IPv4 address; empty for none.</summary>
    OptionalAddress,

    /// <summary>A path of URLs; empty for none.</summary>
    Path,

    /// <summary><c>on</c> or <c>off</c> (or <c>true</c>, <c>false</c>); empty is off.</summary>
    Flag,

    /// <summary>A list of states of a cluster's member.</summary>
    MemberStates,

    /// <summary>A level of Microsoft.Extensions.Logging.</summary>
    LogLevel,

    /// <summary>A connection string of PostgreSQL; empty for none.</summary>
    ConnectionString,

    /// <summary>A store of <see cref="PersistenceProvider"/>.</summary>
    Provider,
}

/// <summary>Every key under <c>warp</c> and <c>akka.management</c>. The shipped <c>warp.conf</c> and <c>management.conf</c> document each and hold its default; a test keeps them equal.</summary>
internal static class SettingKeys
{
    public const string Address = "warp.node.address";
    public const string BindAddress = "warp.node.bind-address";
    public const string ClusterPort = "warp.ports.cluster";
    public const string TunnelPort = "warp.ports.tunnel";
    public const string ManagementPort = "warp.ports.management";
    public const string IstRange = "warp.network.ist-range";
    public const string BridgePool = "warp.network.bridge-pool";
    public const string OpenHostPorts = "warp.network.open-host-ports";
    public const string InterceptPort = "warp.network.intercept-port";
    public const string NamesPort = "warp.network.names-port";
    public const string DockerEndpoint = "warp.docker.endpoint";
    public const string BuildContextLimit = "warp.docker.build-context-limit";
    public const string PullStallTimeout = "warp.docker.pull-stall-timeout";
    public const string DialFirst = "warp.relay.dial-first";
    public const string RelayLoops = "warp.relay.loops";
    public const string RelayTrunks = "warp.relay.trunks-per-peer";
    public const string RelayDialTimeout = "warp.relay.dial-timeout";
    public const string RelayTrunkTimeout = "warp.relay.trunk-timeout";
    public const string RelayDrainDeadline = "warp.relay.drain-deadline";
    public const string RelayRestartWait = "warp.relay.restart-wait";
    public const string MaxEdges = "warp.metrics.max-edges";
    public const string ForgetEdgeAfter = "warp.metrics.forget-edge-after";
    public const string TunnelCertificateLife = "warp.certificates.tunnel-life";
    public const string ClockTolerance = "warp.certificates.clock-tolerance";
    public const string Socket = "warp.management.socket";
    public const string AskTimeout = "warp.management.ask-timeout";
    public const string RequestsPerSecond = "warp.management.rate-limit.requests-per-second";
    public const string RequestBurst = "warp.management.rate-limit.burst";
    public const string AuditFileSize = "warp.management.audit.file-size";
    public const string AuditFiles = "warp.management.audit.files";
    public const string IngressHttpsPort = "warp.ingress.https-port";
    public const string IngressHttpPort = "warp.ingress.http-port";
    public const string BaseDomain = "warp.ingress.base-domain";
    public const string BaseUrls = "warp.ingress.base-urls";
    public const string ControlNodes = "warp.cluster.control-nodes";
    public const string DrainDeadline = "warp.cluster.drain-deadline";
    public const string RunnerGrace = "warp.cluster.runner-grace";
    public const string Provider = "warp.persistence.provider";
    public const string ConnectionString = "warp.persistence.connection-string";
    public const string LogLevel = "warp.log-level";
    public const string ManagementHostname = "akka.management.http.hostname";
    public const string ManagementHttpPort = "akka.management.http.port";
    public const string ManagementBindHostname = "akka.management.http.bind-hostname";
    public const string ManagementBindPort = "akka.management.http.bind-port";
    public const string ManagementBasePath = "akka.management.http.base-path";
    public const string ManagementReadOnly = "akka.management.http.route-providers-read-only";
    public const string ClusterRoutes = "akka.management.http.routes.cluster-management";
    public const string BootstrapRoutes = "akka.management.http.routes.cluster-bootstrap";
    public const string ProbeRoutes = "akka.management.http.routes.health-checks";
    public const string ReadinessPath = "akka.management.health-checks.readiness-path";
    public const string LivenessPath = "akka.management.health-checks.liveness-path";
    public const string CheckTimeout = "akka.management.health-checks.check-timeout";
    public const string MembershipCheck = "akka.management.health-checks.readiness-checks.cluster-membership";
    public const string ReadyStates = "akka.management.cluster.health-check.ready-states";

    public static IReadOnlyDictionary<string, SettingKind> All { get; } = new Dictionary<string, SettingKind>(StringComparer.Ordinal)
    {
        [Address] = SettingKind.Text,
        [BindAddress] = SettingKind.Address,
        [ClusterPort] = SettingKind.Port,
        [TunnelPort] = SettingKind.Port,
        [ManagementPort] = SettingKind.Port,
        [IstRange] = SettingKind.Range,
        [BridgePool] = SettingKind.Range,
        [InterceptPort] = SettingKind.Port,
        [NamesPort] = SettingKind.Port,
        [OpenHostPorts] = SettingKind.PortList,
        [DockerEndpoint] = SettingKind.Uri,
        [BuildContextLimit] = SettingKind.Number,
        [PullStallTimeout] = SettingKind.Duration,
        [DialFirst] = SettingKind.Flag,
        [RelayLoops] = SettingKind.Number,
        [RelayTrunks] = SettingKind.Few,
        [RelayDialTimeout] = SettingKind.Duration,
        [RelayTrunkTimeout] = SettingKind.Duration,
        [RelayDrainDeadline] = SettingKind.Duration,
        [RelayRestartWait] = SettingKind.Duration,
        [MaxEdges] = SettingKind.Number,
        [ForgetEdgeAfter] = SettingKind.Duration,
        [TunnelCertificateLife] = SettingKind.Duration,
        [ClockTolerance] = SettingKind.Duration,
        [Socket] = SettingKind.Text,
        [AskTimeout] = SettingKind.Duration,
        [RequestsPerSecond] = SettingKind.Number,
        [RequestBurst] = SettingKind.Number,
        [AuditFileSize] = SettingKind.Few,
        [AuditFiles] = SettingKind.Few,
        [IngressHttpsPort] = SettingKind.Port,
        [IngressHttpPort] = SettingKind.Port,
        [BaseDomain] = SettingKind.Domain,
        [BaseUrls] = SettingKind.DomainMap,
        [ControlNodes] = SettingKind.Few,
        [DrainDeadline] = SettingKind.Duration,
        [RunnerGrace] = SettingKind.Duration,
        [Provider] = SettingKind.Provider,
        [ConnectionString] = SettingKind.ConnectionString,
        [LogLevel] = SettingKind.LogLevel,
        [ManagementHostname] = SettingKind.OptionalAddress,
        [ManagementHttpPort] = SettingKind.Port,
        [ManagementBindHostname] = SettingKind.OptionalAddress,
        [ManagementBindPort] = SettingKind.Port,
        [ManagementBasePath] = SettingKind.Path,
        [ManagementReadOnly] = SettingKind.Flag,
        [ClusterRoutes] = SettingKind.Flag,
        [BootstrapRoutes] = SettingKind.Flag,
        [ProbeRoutes] = SettingKind.Flag,
        [ReadinessPath] = SettingKind.Path,
        [LivenessPath] = SettingKind.Path,
        [CheckTimeout] = SettingKind.Duration,
        [MembershipCheck] = SettingKind.Flag,
        [ReadyStates] = SettingKind.MemberStates,
    };

    /// <summary>Where the keys of <see cref="All"/> stand.</summary>
    public static IReadOnlyList<string> Roots { get; } = ["warp", "akka.management"];

    /// <summary>The known key that looks most like a mistyped one; null when none is near.</summary>
    public static string? Nearest(string key) =>
        All.Keys.Select(known => (Known: known, Distance: EditDistance(key, known))).Where(pair => pair.Distance <= Math.Max(3, key.Length / 4))
            .OrderBy(pair => pair.Distance).Select(pair => pair.Known).FirstOrDefault();

    private static int EditDistance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[b.Length];
    }
}
