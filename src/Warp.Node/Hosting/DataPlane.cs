using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Protocol;
using Warp.Cluster.Registries;
using Warp.Cluster.Runners;
using Warp.Node.Configuration;
using Warp.Node.Diagnosis;
using Warp.Node.Diagnosis.Checks;
using Warp.Node.Diagnosis.Paths;
using Warp.Node.Docker;
using Warp.Node.Http;
using Warp.Node.Images;
using Warp.Node.Interception;
using Warp.Node.Interception.Queue;
using Warp.Node.Metrics;
using Warp.Node.Names;
using Warp.Node.Relay;
using Warp.Node.Relay.Dialing;
using Warp.Node.Routing;
using Warp.Node.Runners;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>
/// What carries traffic and runs containers: made once per process, beside the actor systems that come and go. Its end ends this process's relaying; containers and
/// kernel rules stay.
/// </summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly DockerEngine _engine;
    private readonly DockerRuntime _runtime;
    private readonly ImagePlane _images;
    private readonly RelayEngine _relay;
    private readonly NftRuleSet _rules;
    private readonly NameServer _names;
    private readonly HealthProbe _probe;
    private readonly TimeSpan _drainDeadline;
    private readonly TimeSpan _restartWait;
    private readonly ILogger _log;
    private bool _leaving;

    private DataPlane(WarpSettings settings, InterceptionOptions interception, FileCredentialSource credentials, ILoggerFactory loggers)
    {
        _log = loggers.CreateLogger<DataPlane>();
        var resolvers = new HostResolvers();
        _engine = new DockerEngine(new DockerOptions(settings.Node.Cluster, settings.Node.Runner)
        {
            Endpoint = settings.Docker.Endpoint,
            BridgePool = settings.Network.BridgePool,
            PullStall = settings.Docker.PullStall,
            FurtherNameServers = resolvers.ForContainers,
        });
        var routes = new RouteHolder(settings.Node.Runner);
        _images = new ImagePlane(settings, _engine, routes, credentials, loggers);
        _runtime = new DockerRuntime(_engine, _images.Registries, _images.Others);
        Containers = new LocalContainers(new DockerLogs(_engine), new DockerExec(_engine), new DockerVolumes(_engine), new PathProbe(_engine));
        _probe = new HealthProbe(Containers.Exec);
        var dialFirst = settings.Relay.DialFirst ? DialFirst.Open(interception) : DialFirst.SwitchedOff;
        Interception = new InterceptionStatus(dialFirst.Problem is null ? InterceptionMode.DialFirst : InterceptionMode.AcceptFirst, dialFirst.Problem);
        if (dialFirst.Problem is { } problem)
        {
            _log.LogWarning(
                "Connections to services on other runners are accepted before the service is dialled, so that a refusal arrives as a reset: {Problem}", problem);
        }

        _relay = new RelayEngine(RelayOptionsOf(settings), routes, credentials.Tunnel, loggers) { SynQueue = dialFirst.Queue };
        _rules = new NftRuleSet(interception, dialFirst.Rule);
        (_drainDeadline, _restartWait) = (settings.Relay.DrainDeadline, settings.Relay.RestartWait);
        Denials = new NodeDenials(_rules, _relay, routes);
        Checks =
        [
            new EngineCheck(_engine),
            new KernelCheck(Interception),
            new FirewallCheck(interception, _rules.Repairs),
            new MtuCheck(interception),
            new DiskCheck(settings.Data.Root, _engine),
        ];
        Flows = new NodeFlows(_relay, routes);
        _names = new NameServer(
            new NameServerOptions(new IPEndPoint(IPAddress.Any, settings.Network.NamesPort), settings.Network.IstRange), routes, resolvers, loggers.CreateLogger("Warp.Names"));
        Ports = new RunnerPorts(
            _runtime,
            _images.Routes,
            _rules,
            new FileAssignmentStore(settings.Data.AssignmentsFolder),
            _relay,
            _probe,
            new ConnectionCounter(),
            Containers.Volumes);
    }

    /// <summary>How connections are answered that the kernel does not connect by itself.</summary>
    public InterceptionStatus Interception { get; }

    /// <summary>How the runner's actors reach it.</summary>
    public RunnerPorts Ports { get; }

    /// <summary>Connects the node itself to public services.</summary>
    public IServiceDialer Dialer => _relay.Dialer;

    /// <summary>What a person may ask of this runner's containers and volumes.</summary>
    public LocalContainers Containers { get; }

    /// <summary>What this node has refused.</summary>
    public IDenials Denials { get; }

    /// <summary>What passes between services.</summary>
    public IFlowReader Flows { get; }

    /// <summary>What passes through it, in numbers.</summary>
    public IEnumerable<MetricFamily> Traffic() =>
    [
        .. EdgeMetrics.From(_relay.Edges()),
        .. TunnelMetrics.From(_relay.Links()),
        MetricCatalog.BufferedBytes.Of(_relay.BufferedBytes),
        NameMetrics.From(_names.Counters),
    ];

    /// <summary>What can be looked at on this host when something does not work.</summary>
    public ImmutableArray<ICheck> Checks { get; }

    /// <summary>Where this runner keeps the cluster's logins at image registries.</summary>
    public IRegistryLoginStore Logins => _images.Logins;

    /// <summary>What this runner does with images.</summary>
    public NodeImages Images => _images.Images;

    /// <summary>Makes it and opens its listeners.</summary>
    /// <exception cref="OperatorException">The host's network leaves no room for it, or a port is taken.</exception>
    public static async Task<DataPlane> StartAsync(WarpSettings settings, FileCredentialSource credentials, ILoggerFactory loggers)
    {
        var interception = InterceptionOptionsOf(settings);
        if (HostNetwork.Check(interception) is { IsEmpty: false } problems)
        {
            throw new OperatorException(ExitCode.NotConfigured, string.Join(Environment.NewLine, problems));
        }

        var made = new DataPlane(settings, interception, credentials, loggers);
        if ((made._relay.Start().Problem ?? made._names.Start()) is not { } problem)
        {
            return made;
        }

        await made.DisposeAsync();
        throw new OperatorException(ExitCode.Unavailable, problem);
    }

    /// <summary>The node is told to stop: new connections that need it wait for the next process, and what is open has its time to end.</summary>
    /// <param name="patience">How long the process may live on after that.</param>
    public async Task LeaveAsync(TimeSpan patience)
    {
        await HoldCallersAsync(_drainDeadline + patience + _restartWait);
        if (await _relay.LeaveAsync() is > 0 and var open)
        {
            _log.LogWarning("{Open} connections through this node did not end within {Deadline} ({Setting}); they end with a reset", open, _drainDeadline, SettingKeys.RelayDrainDeadline);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_leaving)
        {
            await HoldCallersAsync(_restartWait);
        }

        await _relay.DisposeAsync();
        await _names.DisposeAsync();
        _probe.Dispose();
        _runtime.Dispose();
        _images.Dispose();
        _engine.Dispose();
    }

    private async Task HoldCallersAsync(TimeSpan time)
    {
        _leaving = true;
        if ((await _rules.LeaveAsync(time, CancellationToken.None)).Failure is { } failure)
        {
            _log.LogWarning("New connections to other runners are refused until the node is back: {Failure}", failure);
        }
    }

    internal static InterceptionOptions InterceptionOptionsOf(WarpSettings settings) => new()
    {
        IstRange = settings.Network.IstRange,
        BridgePool = settings.Network.BridgePool,
        InterceptPort = settings.Network.InterceptPort,
        NamesPort = settings.Network.NamesPort,
        OpenHostPorts = settings.Network.OpenHostPorts,
        NodePorts = [settings.Ports.Cluster, settings.Ports.Tunnel, settings.Ports.Management],
    };

    private static RelayOptions RelayOptionsOf(WarpSettings settings) => new()
    {
        Loops = settings.Relay.Loops,
        TrunksPerPeer = settings.Relay.TrunksPerPeer,
        DialTimeout = settings.Relay.DialTimeout,
        TrunkTimeout = settings.Relay.TrunkTimeout,
        DrainDeadline = settings.Relay.DrainDeadline,
        RestartWait = settings.Relay.RestartWait,
        MaxEdges = settings.Metrics.MaxEdges,
        ForgetEdgeAfter = settings.Metrics.ForgetEdgeAfter,
        TunnelEndpoint = new IPEndPoint(IPAddress.Parse(settings.BindAddress), settings.Ports.Tunnel),
        InterceptEndpoint = new IPEndPoint(IPAddress.Any, settings.Network.InterceptPort),
    };
}
