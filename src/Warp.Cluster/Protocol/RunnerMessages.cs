using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Protocol;

/// <summary>
/// Deployment actor to runner actor: everything the runner has to know about one deployment. Level-triggered: it replaces what the runner knew,
/// is sent again whenever a <see cref="RunnerReport"/> shows an older version, and may arrive any number of times.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Version">Rises with each change of content, for the deployment's whole life; a lower one than the runner has is late and is dropped.</param>
/// <param name="Project">The project label.</param>
/// <param name="Environment">The environment label.</param>
/// <param name="Removed">Whether the deployment is to be taken away here: containers first, then network, then forget. <paramref name="Services"/> is then empty.</param>
/// <param name="Services">All services of the deployment, wherever they run.</param>
public sealed record Assignment(
    DeploymentName Deployment, long Version, string Project, string Environment, bool Removed, ImmutableArray<ServiceAssignment> Services) : IWarpMessage;

/// <summary>One service in an <see cref="Assignment"/>.</summary>
/// <param name="Spec">What to run; also sent to runners that do not run it, because their containers need its name.</param>
/// <param name="IstAddress">The service's address inside the deployment.</param>
/// <param name="Placements">Which runner has which generation of which ordinal; while an instance is replaced or moved, several of one ordinal.</param>
/// <param name="FormerSpec">What the placements run that say so; null when none does.</param>
public sealed record ServiceAssignment(ServiceSpec Spec, Ipv4Address IstAddress, ImmutableArray<Placement> Placements, ServiceSpec? FormerSpec = null);

/// <summary>One placement: this ordinal of the service is to run there.</summary>
/// <param name="Ordinal">The replica's number, from 0.</param>
/// <param name="Generation">From 1, rises with each placement of the ordinal.</param>
/// <param name="Runner">Where.</param>
/// <param name="Role">Its part in the service now.</param>
/// <param name="FormerSpec">Whether it runs <see cref="ServiceAssignment.FormerSpec"/> and not the wished one.</param>
/// <param name="DrainSeconds">How long its connections may go on when it leaves; null: as its spec says.</param>
public sealed record Placement(int Ordinal, long Generation, RunnerId Runner, PlacementRole Role = PlacementRole.Serving, bool FormerSpec = false, int? DrainSeconds = null);

/// <summary>
/// A placement's part in its service. In a rollout an instance goes from starting to serving, and the one that it replaces from serving over draining to retiring; then it is dropped.
/// In each of them its container may call its peers.
/// </summary>
public enum PlacementRole
{
    /// <summary>It takes the service's connections.</summary>
    Serving,

    /// <summary>It is to run and to become ready; callers are not sent to it yet, but one that asks is let in when it is ready.</summary>
    Starting,

    /// <summary>Its successor serves. It goes on running and still takes connections of callers whose runner has not heard of that yet.</summary>
    Draining,

    /// <summary>Every runner knows the successor: no new connections; the container is stopped when its connections have ended or their grace is over.</summary>
    Retiring,
}

/// <summary>
/// Runner actor to deployment actor, on every change and on a timer: what is really there. The sender is the runner actor. An assignment that leaves a runner nothing to run
/// is answered, every time it comes, by a report without instances once the last container is gone: only then may the deployment forget the runner.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Runner">Who reports.</param>
/// <param name="AssignmentVersion">The version the runner works from; 0 when it has no assignment (it may have containers of the deployment all the same).</param>
/// <param name="Instances">Every container of the deployment on the runner, wanted or not.</param>
/// <param name="Held">The assignment it works from, when the deployment actor has shown that it knows less: its journal is an older one. Null otherwise.</param>
public sealed record RunnerReport(
    DeploymentName Deployment, RunnerId Runner, long AssignmentVersion, ImmutableArray<InstanceObserved> Instances, Assignment? Held = null) : IDeploymentMessage;

/// <summary>
/// Deployment actor's answer to a report about a deployment it has never heard of: a restored database must not cost a container. The runner answers with the assignment that it holds;
/// without one it keeps what runs and shows it as an orphan.
/// </summary>
public sealed record DeploymentUnknown(DeploymentName Deployment) : IWarpMessage;

/// <summary>What a runner sees of one instance.</summary>
/// <param name="Instance">Which.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="ContainerId">The engine's id; null before creation.</param>
/// <param name="ContainerAddress">Its address on the deployment's bridge; null while not running.</param>
/// <param name="StartedAt">When the container started; null while not running.</param>
/// <param name="Restarts">How many times it was started again under this generation.</param>
/// <param name="ImagePort">The image's single EXPOSEd TCP port, 1 to 65535; null when none or several.</param>
/// <param name="Cause">Why it is not (yet) running or ready, for a person, with the next step; null when there is nothing to say.</param>
/// <param name="Health">Whether it may take connections.</param>
public sealed record InstanceObserved(
    InstanceId Instance,
    InstancePhase Phase,
    string? ContainerId,
    Ipv4Address? ContainerAddress,
    DateTimeOffset? StartedAt,
    int Restarts,
    int? ImagePort,
    string? Cause,
    InstanceHealth Health = InstanceHealth.Unknown);

/// <summary>Whether an instance may take connections.</summary>
public enum InstanceHealth
{
    /// <summary>It does not run, or nobody has looked yet.</summary>
    Unknown,

    /// <summary>It runs and has not passed its first check.</summary>
    Starting,

    /// <summary>It may.</summary>
    Ready,

    /// <summary>It runs and fails its checks; it is about to be started again.</summary>
    Unhealthy,
}

/// <summary>Where an instance is in its life.</summary>
public enum InstancePhase
{
    /// <summary>Known, nothing done yet.</summary>
    Pending,

    /// <summary>The image is being looked for or pulled.</summary>
    Pulling,

    /// <summary>The container is being made.</summary>
    Creating,

    /// <summary>The container is being started.</summary>
    Starting,

    /// <summary>The container runs.</summary>
    Running,

    /// <summary>It ended or could not be made; the next attempt waits for its time. <c>Cause</c> says why.</summary>
    BackingOff,

    /// <summary>It is being stopped and removed.</summary>
    Stopping,

    /// <summary>A container of ours that no assignment names; kept until its owner decides.</summary>
    Orphaned,

    /// <summary>It ended and stays so, because its service's restart policy or its part in the service says that. <c>Cause</c> says how it ended.</summary>
    Ended,
}

/// <summary>Runner actor to the directory of every control node, on change and every few seconds. The sender is the runner actor.</summary>
/// <param name="Runner">Who.</param>
/// <param name="Tunnel">Where peers reach its tunnel listener.</param>
/// <param name="Management">Where peers reach its management API.</param>
/// <param name="Instances">How many instances it has; the placement's measure of load.</param>
/// <param name="EngineReady">Whether the container engine answers.</param>
/// <param name="EngineVersion">What the engine says of itself; null while it does not answer.</param>
/// <param name="Version">The node program's version.</param>
/// <param name="Problems">What an operator should look at, for a person; empty when all is well.</param>
/// <param name="Tunnels">Its links to its peers.</param>
/// <param name="Volumes">The ids of the volumes it has, ascending; never default.</param>
/// <param name="Certificates">What it proves itself with; null from a node that does not tell.</param>
/// <param name="Interception">How it answers connections; null from a node that does not tell.</param>
public sealed record RunnerStatus(
    RunnerId Runner,
    NodeEndpoint Tunnel,
    NodeEndpoint Management,
    int Instances,
    bool EngineReady,
    string? EngineVersion,
    string Version,
    ImmutableArray<string> Problems,
    ImmutableArray<TunnelView> Tunnels,
    ImmutableArray<string> Volumes = default,
    RunnerCertificates? Certificates = null,
    InterceptionStatus? Interception = null) : IWarpMessage
{
    /// <inheritdoc cref="RunnerStatus"/>
    public ImmutableArray<string> Volumes { get; init; } = Volumes.IsDefault ? [] : Volumes;
}

/// <summary>How a runner answers connections to services that its kernel does not connect by itself.</summary>
/// <param name="Mode">When.</param>
/// <param name="Reason">Why not after the dial, for a person; null when it is.</param>
public sealed record InterceptionStatus(InterceptionMode Mode, string? Reason);

/// <summary>When a connection is answered.</summary>
public enum InterceptionMode
{
    /// <summary>When its service has been dialled: what the dial meets, the caller meets.</summary>
    DialFirst,

    /// <summary>At once: a dial in vain ends it with a reset.</summary>
    AcceptFirst,
}

/// <summary>A host (name or address, one literal spelling) and a TCP port (1 to 65535).</summary>
public sealed record NodeEndpoint(string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>One link as its own end sees it.</summary>
/// <param name="Peer">The other runner.</param>
/// <param name="Endpoint">Where it is dialled.</param>
/// <param name="State">Whether traffic can pass.</param>
/// <param name="Trunks">Open mutual-TLS connections, either direction of dialling.</param>
/// <param name="Streams">Relayed TCP connections open now.</param>
/// <param name="BytesSent">Payload bytes since the process started.</param>
/// <param name="BytesReceived">Payload bytes since the process started.</param>
/// <param name="Cipher">TLS version and cipher suite, such as "TLS 1.3 AES_128_GCM_SHA256"; null while no trunk is open.</param>
/// <param name="Problem">The last failure to connect, for a person; null when the link is up.</param>
public sealed record TunnelView(
    RunnerId Peer, NodeEndpoint Endpoint, TunnelState State, int Trunks, int Streams, long BytesSent, long BytesReceived, string? Cipher, string? Problem);

/// <summary>Whether a link carries traffic.</summary>
public enum TunnelState
{
    /// <summary>The first attempt is under way.</summary>
    Connecting,

    /// <summary>At least one trunk is open.</summary>
    Up,

    /// <summary>No trunk; the next attempt waits for its time.</summary>
    BackingOff,

    /// <summary>No new streams; those that are open finish.</summary>
    Draining,
}

/// <summary>
/// Directory to runner actors, on change and on a timer: where every known runner's tunnel listens. It adds to what the receiver knows and changes it; a runner that is
/// missing from it is not gone (a control node that has just started knows only those that have reported to it).
/// </summary>
/// <param name="Peers">All runners heard of, the receiver included.</param>
public sealed record PeerList(ImmutableArray<Peer> Peers) : IWarpMessage;

/// <summary>One runner as its peers need it.</summary>
public sealed record Peer(RunnerId Runner, NodeEndpoint Tunnel, NodeEndpoint Management);

/// <summary>Asks the directory of a control node; answered by <see cref="RunnerList"/>.</summary>
public sealed record ListRunners : IWarpMessage;

/// <summary>Every runner heard of, ordered by name.</summary>
public sealed record RunnerList(ImmutableArray<RunnerView> Runners) : IWarpMessage;

/// <summary>One runner as the directory sees it.</summary>
/// <param name="Status">Its last report.</param>
/// <param name="Reachable">Whether its node is a reachable member of the cluster and reported lately.</param>
/// <param name="LastSeen">When the last report came in.</param>
/// <param name="Drain">Since when it takes nothing new; null when it does.</param>
public sealed record RunnerView(RunnerStatus Status, bool Reachable, DateTimeOffset LastSeen, RunnerDrain? Drain = null);
