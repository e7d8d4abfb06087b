using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Streams;

namespace Warp.Node.Relay.Edges;

/// <summary>One connection as its edge counts it. The default value counts nothing: at the exit, for the entry counts.</summary>
/// <param name="edge">Where.</param>
/// <param name="since">When the caller began to wait, in <see cref="RelayClock.Microseconds"/>.</param>
internal readonly struct CountedCall(EdgeCell edge, long since)
{
    /// <summary>The target has taken it.</summary>
    internal void Connected() => edge?.Connected(RelayClock.Microseconds - since);

    /// <summary>It was open and is over.</summary>
    internal void Over() => edge?.Over();

    /// <summary>It failed.</summary>
    internal void Failed(EdgeFailure? failure) => edge?.Failed(failure);

    /// <summary>It failed as a RESET frame says.</summary>
    internal void Failed(ResetReason reason, byte detail = 0) => edge?.Failed(EdgeFailures.From(reason, detail));

    internal void AddSent(int bytes) => edge?.AddSent(bytes);

    internal void AddReceived(int bytes) => edge?.AddReceived(bytes);
}
