using System.Collections.Immutable;
using Warp.Node.Routing;

namespace Warp.Node.Relay;

/// <summary>What the relay has refused since the process started.</summary>
/// <param name="AtEntry">Connections of containers, by reason; reasons that never occurred are absent.</param>
/// <param name="AtExit">Streams of peers, by reason.</param>
/// <param name="Handshakes">Connections to the tunnel port whose other end was not proven.</param>
/// <param name="Latest">The last ones, each kind once.</param>
public sealed record RelayRefusals(
    ImmutableDictionary<RouteRefusal, long> AtEntry, ImmutableDictionary<RouteRefusal, long> AtExit, long Handshakes, ImmutableArray<RefusedAttempt> Latest);

/// <summary>Where the relay refused.</summary>
public enum RefusalPlace
{
    /// <summary>At the listener for connections of this runner's containers.</summary>
    Entry,

    /// <summary>At the end of a tunnel, for a peer's container.</summary>
    Exit,

    /// <summary>At the tunnel port, before the other end was proven.</summary>
    Handshake,
}

/// <summary>One kind of refused attempt.</summary>
/// <param name="Place">Where.</param>
/// <param name="Reason">Why.</param>
/// <param name="Caller">Who, as far as known: an address, an instance or a runner.</param>
/// <param name="Target">Where to; empty for the tunnel port.</param>
/// <param name="Last">When it was refused last.</param>
/// <param name="Times">How often.</param>
public sealed record RefusedAttempt(RefusalPlace Place, string Reason, string Caller, string Target, DateTimeOffset Last, long Times)
{
    /// <summary>The same without what differs from time to time.</summary>
    internal RefusedAttempt Kind => this with { Last = default, Times = 0 };
}
