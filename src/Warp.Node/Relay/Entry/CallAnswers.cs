using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Entry;

/// <summary>
/// What a caller that waits in connect is told: what it would be told on one plain host. A closed port is refused, and so is who may not connect. A service without an instance
/// that takes connections is a host that is down: "no route to host". What does not answer is not answered for, nor is what has no room: the caller tries again by itself, as with a
/// listener whose backlog is full.
/// </summary>
internal static class CallAnswers
{
    /// <summary>The routes allow no way, or there is none.</summary>
    internal static SynAnswer From(RouteRefusal refusal) => refusal switch
    {
        RouteRefusal.NotPlaced or RouteRefusal.NotRunning => SynAnswer.Unreachable,
        _ => SynAnswer.Refuse,
    };

    /// <summary>The exit has ended the stream before it had a connection.</summary>
    internal static SynAnswer From(ResetReason reason) => reason switch
    {
        ResetReason.Unreachable => SynAnswer.Unreachable,
        ResetReason.TimedOut or ResetReason.Overloaded => SynAnswer.Drop,
        _ => SynAnswer.Refuse,
    };

    /// <summary>A container of this runner was dialled in vain. One that cannot be reached is about to leave the routes: when the caller tries again, it is another one's turn.</summary>
    internal static SynAnswer From(SocketFault fault) => fault == SocketFault.Unreachable ? SynAnswer.Drop : From(ResetReasons.From(fault));
}
