using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Entry;

/// <summary>
/// The path of one stream that another runner may carry instead: the caller's connection is joined to it only when the exit has its own, and until then nothing of it is read,
/// so that it can begin again elsewhere.
/// </summary>
internal sealed class TentativePath(EntryPath path, HeldCall call, EntryDesk desk) : StreamPath
{
    private RelayStream? _stream;
    private bool _isSettled;

    /// <inheritdoc/>
    internal override OpenRequest Request => path.Request;

    /// <inheritdoc/>
    internal override bool IsEntry => true;

    /// <inheritdoc/>
    internal override bool IsAllowed(RouteHolder routes, RunnerId peer, int port, LocalInstance? dialled) => path.IsAllowed(routes, peer, port, dialled);

    /// <inheritdoc/>
    internal override void OnBegun(RelayStream stream)
    {
        _stream = stream;
        path.OnBegun(stream);
    }

    /// <inheritdoc/>
    internal override void OnConnected()
    {
        if (!_isSettled)
        {
            _isSettled = true;
            call.Caller.Connect(_stream!);
        }
    }

    /// <inheritdoc/>
    internal override bool IsFinal(ResetReason reason) =>
        _isSettled || reason is not (ResetReason.Denied or ResetReason.Overloaded or ResetReason.Unreachable or ResetReason.Revoked);

    /// <inheritdoc/>
    internal override void OnReset(ResetReason reason, byte detail)
    {
        if (_isSettled || (reason != ResetReason.Denied && !IsFinal(reason)))
        {
            return;
        }

        _isSettled = true;
        if (reason == ResetReason.Denied)
        {
            desk.Again(call, path.Target.Peer.Runner, RefusalCounters.FromWire(detail));
        }
        else
        {
            call.Caller.Refuse(CallAnswers.From(reason));
        }
    }

    /// <inheritdoc/>
    internal override void OnOver()
    {
        path.OnOver();
        if (!_isSettled)
        {
            _isSettled = true;
            desk.Again(call, path.Target.Peer.Runner, RouteRefusal.NotRunning);
        }
    }
}
