using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Edges;

/// <summary>Why a connection between two services did not come about, or was ended by the relay and not by one of its ends.</summary>
public enum EdgeFailure
{
    /// <summary>The target's port is closed.</summary>
    Refused,

    /// <summary>The target's container cannot be reached.</summary>
    Unreachable,

    /// <summary>The target's container did not accept in time.</summary>
    TimedOut,

    /// <summary>The routes do not allow it.</summary>
    Denied,

    /// <summary>No instance of the target could take it.</summary>
    NotRunning,

    /// <summary>There is no tunnel to the runner of the target, or it was lost.</summary>
    TunnelLost,

    /// <summary>A limit of one of the runners is reached.</summary>
    Overloaded,

    /// <summary>It was open, and caller or target lost its place.</summary>
    Revoked,

    /// <summary>A fault inside the relay.</summary>
    Internal,
}

/// <summary>What the parts of the relay call the same.</summary>
internal static class EdgeFailures
{
    /// <summary>What a RESET frame means; null when an application ended its own connection.</summary>
    internal static EdgeFailure? From(ResetReason reason, byte detail) => reason switch
    {
        ResetReason.ByApplication => null,
        ResetReason.Refused => EdgeFailure.Refused,
        ResetReason.Unreachable => EdgeFailure.Unreachable,
        ResetReason.TimedOut => EdgeFailure.TimedOut,
        ResetReason.Denied => From(RefusalCounters.FromWire(detail)),
        ResetReason.Overloaded => EdgeFailure.Overloaded,
        ResetReason.Revoked => EdgeFailure.Revoked,
        _ => EdgeFailure.Internal,
    };

    /// <summary>What a refusal by the routes means.</summary>
    internal static EdgeFailure From(RouteRefusal refusal) => refusal switch
    {
        RouteRefusal.NotPlaced or RouteRefusal.NotRunning => EdgeFailure.NotRunning,
        RouteRefusal.TooMany => EdgeFailure.Overloaded,
        _ => EdgeFailure.Denied,
    };

    /// <summary>What a dial in vain means; null when the target reset it, as an application may.</summary>
    internal static EdgeFailure? From(SocketFault fault) => From(ResetReasons.From(fault), 0);
}
