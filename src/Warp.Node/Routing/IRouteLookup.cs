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
}

/// <summary>What an OPEN frame asks for.</summary>
/// <param name="Deployment">The deployment of both ends.</param>
/// <param name="Caller">The calling service.</param>
/// <param name="CallerOrdinal">Its replica.</param>
/// <param name="CallerGeneration">The generation of the calling container.</param>
/// <param name="Target">The service wanted.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct OpenRequest(
    DeploymentName Deployment, ServiceName Caller, int CallerOrdinal, long CallerGeneration, ServiceName Target, int Port);

/// <summary>The answer at the entry: exactly one of <see cref="Target"/> and <see cref="Refusal"/> is there.</summary>
/// <param name="Target">Where to; null when refused.</param>
/// <param name="Refusal">Why not.</param>
public readonly record struct EntryRoute(EntryTarget? Target, RouteRefusal Refusal)
{
    /// <summary>
    /// Whether routes that are on their way may turn the refusal into a way: the kernel let the caller through, so a node that has just started is about to know it,
    /// and a target without a placement may be about to get one.
    /// </summary>
    public bool MayChange => Refusal is RouteRefusal.UnknownCaller or RouteRefusal.NotPlaced;
}

/// <summary>A way from one calling instance to one target service; made once per snapshot, so that an OPEN frame's constant part can be kept with it.</summary>
/// <param name="Caller">The calling instance.</param>
/// <param name="Target">The service wanted.</param>
/// <param name="Peer">The runner that has it, with its tunnel's endpoint.</param>
public sealed record EntryTarget(InstanceId Caller, ServiceName Target, Peer Peer);

/// <summary>The answer at the exit.</summary>
/// <param name="Container">Where to dial; meaningful only when <see cref="Refusal"/> is <see cref="RouteRefusal.None"/>.</param>
/// <param name="CallerIstAddress">The source address to dial from.</param>
/// <param name="Refusal">Why not.</param>
public readonly record struct ExitRoute(Ipv4Address Container, Ipv4Address CallerIstAddress, RouteRefusal Refusal)
{
    /// <summary>Whether routes that are on their way may turn the refusal into a way: then it is worth holding the stream for a moment.</summary>
    public bool MayChange { get; init; }

    /// <summary>A refusal.</summary>
    public static ExitRoute Refused(RouteRefusal refusal, bool mayChange) => new(default, default, refusal) { MayChange = mayChange };
}

/// <summary>Why a connection may not be, or cannot be now.</summary>
public enum RouteRefusal
{
    /// <summary>It may.</summary>
    None,

    /// <summary>The source address is no container of this runner, or has no live placement.</summary>
    UnknownCaller,

    /// <summary>The deployment has no service at that address or of that name.</summary>
    UnknownTarget,

    /// <summary>The service is placed nowhere, or its runner's endpoint is not known yet.</summary>
    NotPlaced,

    /// <summary>The service is placed on the asked runner but its container does not run now.</summary>
    NotRunning,

    /// <summary>The caller is not placed on the runner that asks, or not at that generation.</summary>
    CallerNotThere,
}
