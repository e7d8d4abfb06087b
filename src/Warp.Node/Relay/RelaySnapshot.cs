using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Node.Routing;

namespace Warp.Node.Relay;

/// <summary>What the relay does now and has refused, for people and for the API.</summary>
/// <param name="Flows">Open relayed connections, in no order; at most the number that was asked for.</param>
/// <param name="OpenFlows">How many there are in all.</param>
/// <param name="RefusedAtEntry">Connections of containers refused since the process started, by reason; reasons that never occurred are absent.</param>
/// <param name="DeniedAtExit">Streams of peers denied since the process started, by reason.</param>
/// <param name="RefusedHandshakes">Connections to the tunnel port whose other end was not proven.</param>
/// <param name="BufferedBytes">Memory that holds payload for slow readers, in bytes.</param>
/// <param name="WindowBytes">By how much the windows of all open streams together are larger than they began, in bytes.</param>
public sealed record RelaySnapshot(
    ImmutableArray<FlowView> Flows,
    int OpenFlows,
    ImmutableDictionary<RouteRefusal, long> RefusedAtEntry,
    ImmutableDictionary<RouteRefusal, long> DeniedAtExit,
    long RefusedHandshakes,
    long BufferedBytes,
    long WindowBytes);

/// <summary>One relayed connection as this end sees it.</summary>
/// <param name="Deployment">The deployment of both ends.</param>
/// <param name="Caller">The calling service; null when it is the ingress.</param>
/// <param name="Target">The service called.</param>
/// <param name="Port">The port called.</param>
/// <param name="Peer">The runner at the other end; this one when both ends are here.</param>
/// <param name="IsEntry">Whether the caller is on this runner; else the target is.</param>
/// <param name="BytesSent">Payload bytes to the other end.</param>
/// <param name="BytesReceived">Payload bytes from the other end.</param>
/// <param name="Age">Since it was opened.</param>
public sealed record FlowView(
    DeploymentName Deployment, ServiceName? Caller, ServiceName Target, int Port, RunnerId Peer, bool IsEntry, long BytesSent, long BytesReceived, TimeSpan Age);

/// <summary>What came of starting the engine.</summary>
/// <param name="Problem">Cause and next step, for a person; null when it runs.</param>
public sealed record RelayStart(string? Problem);
