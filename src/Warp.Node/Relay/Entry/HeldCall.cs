using Warp.Cluster.Identity;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Entry;

/// <summary>A connection that has not got its way yet; touched by one thread at a time.</summary>
/// <param name="caller">The calling end.</param>
/// <param name="call">From whom and where to.</param>
internal sealed class HeldCall(Caller caller, EntryCall call)
{
    private readonly long _since = RelayClock.Microseconds;

    // Almost no call is ever denied.
    private HashSet<RunnerId>? _deniedBy;

    /// <summary>The calling end.</summary>
    internal Caller Caller => caller;

    /// <summary>From whom and where to.</summary>
    internal EntryCall Call => call;

    /// <summary>When it came, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long Since { get; } = Environment.TickCount64;

    /// <summary>How it is counted; nothing while it is not known who calls whom.</summary>
    internal CountedCall Counted { get; private set; }

    /// <summary>How long its service wants it to wait, in seconds, as the routes said last.</summary>
    internal int HoldSeconds { get; set; }

    /// <summary>Why a runner did not take it in this round; none while none was asked.</summary>
    internal RouteRefusal Denial { get; private set; }

    /// <summary>It is known who calls whom.</summary>
    internal void CountAt(EdgeCell edge) => Counted = new CountedCall(edge, _since);

    /// <summary>Whether a runner did not take it in this round.</summary>
    internal bool IsDeniedBy(RunnerId runner) => _deniedBy is not null && _deniedBy.Contains(runner);

    /// <summary>A runner does not take it: the others are asked first.</summary>
    internal void Deny(RunnerId runner, RouteRefusal why)
    {
        (_deniedBy ??= []).Add(runner);
        Denial = why;
    }

    /// <summary>All were asked: another round may begin.</summary>
    internal void ForgetDenials()
    {
        _deniedBy = null;
        Denial = RouteRefusal.None;
    }
}
