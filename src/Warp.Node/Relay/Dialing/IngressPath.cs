using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Dialing;

/// <summary>The path of one stream that begins in this process. Unlike others it belongs to that stream alone, and hears what becomes of it.</summary>
/// <param name="request">What the OPEN frame says.</param>
/// <param name="connections">Where the stream is counted.</param>
internal sealed class IngressPath(OpenRequest request, ConnectionCount connections) : StreamPath
{
    private readonly TaskCompletionSource<DialOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RelayStream? _stream;
    private bool _wasReset;

    /// <summary>What the exit answers; completes in any case once the stream is over.</summary>
    internal Task<DialOutcome> Answer => _answer.Task;

    /// <summary>Whether the stream did not end in order. Known before the local socket ends.</summary>
    internal bool WasReset => Volatile.Read(ref _wasReset);

    /// <inheritdoc/>
    internal override OpenRequest Request => request;

    /// <inheritdoc/>
    internal override bool IsEntry => true;

    /// <inheritdoc/>
    internal override bool IsAllowed(RouteHolder routes, RunnerId peer, int port, LocalInstance? dialled) => true;

    /// <inheritdoc/>
    internal override void OnBegun(RelayStream stream)
    {
        _stream = stream;
        connections.Add();
    }

    /// <inheritdoc/>
    internal override void OnConnected() => _answer.TrySetResult(DialOutcome.Connected);

    /// <inheritdoc/>
    internal override bool IsFinal(ResetReason reason) => _answer.Task.IsCompleted;

    /// <inheritdoc/>
    internal override void OnReset(ResetReason reason, byte detail) => _answer.TrySetResult(DialOutcome.Of(reason, detail));

    /// <inheritdoc/>
    internal override void OnAbort() => Volatile.Write(ref _wasReset, true);

    /// <inheritdoc/>
    internal override void OnOver()
    {
        connections.Remove();
        _answer.TrySetResult(DialOutcome.TrunkLost);
    }

    /// <summary>The stream was not begun: its trunk takes none.</summary>
    internal void NotBegun() => _answer.TrySetResult(DialOutcome.TrunkLost);

    /// <summary>On the trunk's loop: nobody waits for the answer any more.</summary>
    internal void Abandon() => _stream?.Reset(ResetReason.ByApplication);
}
