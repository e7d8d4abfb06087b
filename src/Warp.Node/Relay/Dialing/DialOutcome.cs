using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Frames;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Dialing;

/// <summary>What came of one attempt to reach a service.</summary>
/// <param name="Problem">Why not, for the log; null when it is reached.</param>
/// <param name="MayChange">Whether another attempt, here or on another runner, may succeed soon.</param>
/// <param name="Failure">How it is counted, when there is no other attempt.</param>
internal readonly record struct DialOutcome(string? Problem, bool MayChange, EdgeFailure? Failure = null)
{
    /// <summary>It is reached.</summary>
    internal static DialOutcome Connected => default;

    /// <summary>The trunk was lost before there was an answer.</summary>
    internal static DialOutcome TrunkLost => new("the tunnel was lost", MayChange: true, EdgeFailure.TunnelLost);

    /// <summary>It did not answer as long as others could be asked.</summary>
    internal static DialOutcome Silent => new("it does not answer", MayChange: true, EdgeFailure.TimedOut);

    /// <summary>What a RESET frame in answer to an OPEN frame means.</summary>
    internal static DialOutcome Of(ResetReason reason, byte detail) => reason switch
    {
        ResetReason.Denied => Of(RefusalCounters.FromWire(detail)),
        ResetReason.Refused => new("its container refuses the connection", MayChange: false, EdgeFailure.Refused),
        ResetReason.Unreachable => new("its container is not reachable", MayChange: true, EdgeFailure.Unreachable),
        ResetReason.TimedOut => new("its container does not accept the connection in time", MayChange: false, EdgeFailure.TimedOut),
        ResetReason.Overloaded => new("a limit of the runner is reached", MayChange: true, EdgeFailure.Overloaded),
        ResetReason.Revoked => new("its container has been replaced", MayChange: true, EdgeFailure.Revoked),
        _ => new("its container reset the connection", MayChange: false),
    };

    /// <summary>What a refusal by the routes means.</summary>
    internal static DialOutcome Of(RouteRefusal refusal) => refusal switch
    {
        RouteRefusal.NotRunning => new("no instance of it is ready", MayChange: true, EdgeFailure.NotRunning),
        RouteRefusal.NotPublic => new("it is not public, or not at that port", MayChange: false, EdgeFailure.Denied),
        _ => new("the runner does not have it", MayChange: true, EdgeFailures.From(refusal)),
    };
}
