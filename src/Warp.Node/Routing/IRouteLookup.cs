using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>The questions that the relay asks of the route table, on the hot path, from any loop thread: no lock, no allocation where it can be helped, cost independent of the table's size.</summary>
public interface IRouteLookup
{
    /// <summary>Entry: a container's connection was intercepted. Who is it, and where does it want to go?</summary>
    /// <param name="caller">Source address: a container of this runner.</param>
    /// <param name="destination">The IST address it dialled.</param>
    EntryRoute ResolveEntry(Ipv4Address caller, Ipv4Address destination);

    /// <summary>Exit: may this stream that a peer asks for be opened, and to where?</summary>
    /// <param name="peer">The runner that the trunk's certificate proved.</param>
    /// <param name="request">What it asks for.</param>
    ExitRoute ResolveExit(RunnerId peer, in OpenRequest request);

    /// <summary>Entry: whether a stream that was opened on this way may go on: its caller still has its place here, and its target still one there.</summary>
    bool StillAllows(EntryTarget target);

    /// <summary>Both ends on this runner: whether a connection may go on: its caller still has its place here, and so has the container that was dialled.</summary>
    bool StillAllows(InstanceId caller, LocalInstance dialled);

    /// <summary>Exit: whether a stream may go on: its caller still has its place there, and the container that was dialled has its place here, whatever its role is now.</summary>
    bool StillAllows(RunnerId peer, in OpenRequest request, LocalInstance dialled);

    /// <summary>Another runner; null when its endpoint is not known.</summary>
    Peer? FindPeer(RunnerId runner);
}

/// <summary>What an OPEN frame asks for.</summary>
/// <param name="Deployment">The deployment of both ends; of the target only, when the ingress asks.</param>
/// <param name="Caller">The calling service; the default value when the ingress asks.</param>
/// <param name="CallerOrdinal">Its replica; 0 when the ingress asks.</param>
/// <param name="CallerGeneration">The generation of the calling container, from 1; 0 when the ingress asks.</param>
/// <param name="Target">The service wanted.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct OpenRequest(
    DeploymentName Deployment, ServiceName Caller, int CallerOrdinal, long CallerGeneration, ServiceName Target, int Port)
{
    /// <summary>Whether the asking runner itself, not a container on it, wants to reach a public service.</summary>
    public bool IsIngress => CallerGeneration == 0;

    /// <summary>What the ingress asks for.</summary>
    public static OpenRequest OfIngress(DeploymentName deployment, ServiceName target, int port) => new(deployment, default, 0, 0, target, port);

    /// <inheritdoc/>
    public override string ToString() => IsIngress ? $"{Deployment}: ingress to {Target}" : $"{Deployment}: {Caller}#{CallerOrdinal}@{CallerGeneration} to {Target}";
}

/// <summary>The answer at the entry: exactly one of <see cref="Way"/> and <see cref="Refusal"/> is there.</summary>
/// <param name="Way">How to get there; null when refused.</param>
/// <param name="Refusal">Why not.</param>
public readonly record struct EntryRoute(EntryWay? Way, RouteRefusal Refusal)
{
    /// <summary>
    /// Whether routes that are on their way may turn the refusal into a way: the kernel let the caller through, so a node that has just started is about to know it,
    /// and a runner that was placed on may be about to be known.
    /// </summary>
    public bool MayChange { get; init; }

    /// <summary>How long the service wants a connection to wait while no instance can take it, in seconds.</summary>
    public int HoldSeconds { get; init; }

    /// <summary>The calling instance; null when it is not known.</summary>
    public InstanceId? Caller { get; init; }

    /// <summary>The service wanted; null when there is no such.</summary>
    public ServiceName? Target { get; init; }
}

/// <summary>The answer at the exit.</summary>
/// <param name="Instance">What to dial; null when refused.</param>
/// <param name="CallerIstAddress">The source address to dial from; null when the ingress asks, which has none.</param>
/// <param name="Refusal">Why not.</param>
public readonly record struct ExitRoute(LocalInstance? Instance, Ipv4Address? CallerIstAddress, RouteRefusal Refusal)
{
    /// <summary>Whether routes that are on their way may turn the refusal into a way: then it is worth holding the stream for a moment.</summary>
    public bool MayChange { get; init; }

    /// <summary>How long the service wants a connection to wait here while no instance can take it, in seconds; 0 when something else is in its way, or another runner may take it.</summary>
    public int HoldSeconds { get; init; }

    /// <summary>A refusal.</summary>
    public static ExitRoute Refused(RouteRefusal refusal, bool mayChange, int holdSeconds = 0) => new(null, null, refusal) { MayChange = mayChange, HoldSeconds = holdSeconds };
}

/// <summary>Why a connection may not be, or cannot be now. The numbers are the wire's.</summary>
public enum RouteRefusal
{
    /// <summary>It may.</summary>
    None = 0,

    /// <summary>The source address is no container of this runner, or has no live placement.</summary>
    UnknownCaller = 1,

    /// <summary>The deployment has no service at that address or of that name.</summary>
    UnknownTarget = 2,

    /// <summary>The service is placed nowhere, or its runner's endpoint is not known yet.</summary>
    NotPlaced = 3,

    /// <summary>The service is placed on the asked runner but no container of it can take a connection now.</summary>
    NotRunning = 4,

    /// <summary>The caller is not placed on the runner that asks, or not at that generation.</summary>
    CallerNotThere = 5,

    /// <summary>The ingress asked for a service that is not public, or for a port that is not its public one.</summary>
    NotPublic = 6,

    /// <summary>The caller has as many connections as its runner lets it have beside the others; never on the wire.</summary>
    TooMany = 7,
}
