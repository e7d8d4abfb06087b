using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Diagnosis.Paths;

/// <summary>All that was gathered about the way from one service to another.</summary>
/// <param name="Caller">The calling service, for a person: deployment/service.</param>
/// <param name="CallerInstance">Its instance that was asked; null when none runs.</param>
/// <param name="CallerCause">Why none runs; null when one does or nobody knows.</param>
/// <param name="Target">The service called, for a person.</param>
/// <param name="Port">The port called.</param>
/// <param name="Variable">The environment variable that holds the address.</param>
/// <param name="HostName">The name that the service has for its peers.</param>
/// <param name="Address">The IST address.</param>
/// <param name="Call">What a call came to; null when it was not made.</param>
/// <param name="Targets">The instances of the service called.</param>
/// <param name="Refusals">What the runners involved have refused lately between the two, for a person, the newest first.</param>
internal sealed record PathView(
    string Caller,
    PlacedInstance? CallerInstance,
    string? CallerCause,
    string Target,
    int Port,
    string Variable,
    string HostName,
    Ipv4Address Address,
    CallFacts? Call,
    ImmutableArray<TargetInstance> Targets,
    ImmutableArray<string> Refusals);

/// <summary>An instance and its runner.</summary>
internal sealed record PlacedInstance(string Name, RunnerId Runner);

/// <summary>An instance of the service called.</summary>
/// <param name="Instance">Which, and where.</param>
/// <param name="Reachable">Whether its runner was heard of lately.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="Health">Whether it may take connections.</param>
/// <param name="Cause">Why it may not; null when there is nothing to say.</param>
/// <param name="Link">The caller's runner's link to its runner; null on the same runner, or when there is none.</param>
/// <param name="Listeners">Where its programs listen; null when its runner was not asked.</param>
internal sealed record TargetInstance(
    PlacedInstance Instance, bool Reachable, InstancePhase Phase, InstanceHealth Health, string? Cause, TunnelView? Link, ListenerFacts? Listeners);
