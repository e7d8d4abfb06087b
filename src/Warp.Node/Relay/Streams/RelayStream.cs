using Warp.Cluster.Identity;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Entry;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Trunks;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Streams;

/// <summary>
/// One relayed connection at one end of a trunk: a local socket on one side, a stream of frames on the other. Each direction ends by itself
/// (end of stream and FIN are each other's image); a reset ends both.
/// </summary>
internal sealed partial class RelayStream : PollTarget, ICallCarrier
{
    private readonly Trunk _trunk;
    private readonly CountedCall _call;
    private Descriptor? _socket;
    private StreamState _state;
    private long _sendCredit;
    private ReceiveWindow _window;
    private PendingBytes _pending;

    internal RelayStream(Trunk trunk, uint id, StreamPath path, int port, CountedCall call)
    {
        (_trunk, Id, Path, Port, _call) = (trunk, id, path, (ushort)port, call);
        _sendCredit = trunk.PeerInitialWindow;
        _window = new ReceiveWindow(trunk.Share.Services.Windows.Initial);
        StartedAt = Environment.TickCount64;
    }

    /// <summary>Its number on the trunk.</summary>
    internal uint Id { get; }

    /// <summary>From whom to whom.</summary>
    internal StreamPath Path { get; }

    /// <summary>The target's port.</summary>
    internal ushort Port { get; }

    /// <summary>What the exit dialled; null at the entry, and while the exit holds the stream.</summary>
    internal LocalInstance? Dialled { get; private set; }

    /// <summary>Milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long StartedAt { get; }

    /// <summary>Payload bytes sent into the trunk.</summary>
    internal long BytesSent { get; private set; }

    /// <summary>Payload bytes received from the trunk.</summary>
    internal long BytesReceived { get; private set; }

    /// <summary>The next in the trunk's queue of streams that have something to send.</summary>
    internal RelayStream? NextReady { get; set; }

    /// <summary>Whether it is in that queue.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Whether it is finished and belongs to nobody.</summary>
    internal bool IsOver => Has(StreamState.Over);

    /// <summary>Whether it has its local socket, connected or not.</summary>
    internal bool HasSocket => _socket is not null;

    /// <summary>Whether the exit has no connected socket for it yet.</summary>
    internal bool IsOpening => _socket is null || Has(StreamState.Connecting);

    /// <inheritdoc/>
    RelayLoop ICallCarrier.Loop => _trunk.Share.Loop;

    /// <summary>Entry: an accepted connection becomes the stream's local end.</summary>
    public void Attach(Descriptor socket)
    {
        if (IsOver || !Path.IsAllowed(_trunk.Share.Services.Routes, _trunk.Peer, Port, Dialled))
        {
            socket.Dispose();
            Reset(ResetReason.Revoked);
            return;
        }

        _socket = socket;
        Set(StreamState.Writable);
        FlushPending();
        WatchSocket();
    }

    /// <inheritdoc/>
    void ICallCarrier.Abandon() => Reset(ResetReason.ByApplication);

    /// <summary>Exit: begins to connect to the target.</summary>
    internal void Dial(LocalInstance instance, Ipv4Address? source)
    {
        Dialled = instance;
        instance.Connections.Add();
        var fault = ContainerDial.Begin(instance.Address, Port, source, out _socket);
        switch (fault)
        {
            case SocketFault.None:
                Connected();
                WatchSocket();
                break;
            case SocketFault.InProgress:
                Set(StreamState.Connecting);
                WatchSocket();
                break;
            default:
                FailDial(fault);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        if (Has(StreamState.Connecting))
        {
            if (!events.HasAny(ReadyEvents.Out | ReadyEvents.Error | ReadyEvents.HangUp) || !CompleteConnect())
            {
                return;
            }
        }

        if (events.HasAny(ReadyEvents.Out) && !Has(StreamState.Writable))
        {
            Set(StreamState.Writable);
            FlushPending();
        }

        if (events.HasAny(ReadyEvents.In | ReadyEvents.PeerClosed | ReadyEvents.Error | ReadyEvents.HangUp) && !IsOver)
        {
            Set(StreamState.Readable);
            if (events.HasAny(ReadyEvents.PeerClosed | ReadyEvents.Error | ReadyEvents.HangUp))
            {
                Set(StreamState.Ending);
            }

            WantSend(events.HasAny(ReadyEvents.Error));
        }
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault) => Reset(ResetReason.Internal);

    /// <summary>Ends both directions because of this end: the peer is told, the local socket is reset.</summary>
    internal void Reset(ResetReason reason, byte detail = 0)
    {
        if (!IsOver)
        {
            _call.Failed(reason, detail);
            _trunk.Output.Reset(Id, reason, detail);
            Abort();
        }
    }

    /// <summary>Ends both directions here without telling the peer: it knows, or cannot be reached. The local application sees a reset.</summary>
    internal void Abort()
    {
        if (IsOver)
        {
            return;
        }

        Path.OnAbort();
        Close();
    }

    /// <summary>Entry: the exit has its connection. Said once by an honest peer.</summary>
    internal void OnConnected()
    {
        if (!Has(StreamState.Counted))
        {
            Set(StreamState.Counted);
            _call.Connected();
        }

        Path.OnConnected();
    }

    /// <summary>The other end has ended it.</summary>
    internal void OnReset(ResetReason reason, byte detail)
    {
        if (Path.IsFinal(reason))
        {
            _call.Failed(reason, detail);
        }

        Path.OnReset(reason, detail);
        Abort();
    }

    /// <summary>Its trunk is lost.</summary>
    internal void Lose()
    {
        // A call whose caller still waits goes to another trunk.
        if (HasSocket)
        {
            _call.Failed(EdgeFailure.TunnelLost);
        }

        Abort();
    }

    /// <summary>Describes the stream.</summary>
    internal FlowView ToView(RunnerId peer, long now)
    {
        var request = Path.Request;
        return new FlowView(
            request.Deployment, request.IsIngress ? null : request.Caller, request.Target, Port, peer, Path.IsEntry, BytesSent, BytesReceived, TimeSpan.FromMilliseconds(now - StartedAt));
    }

    private void WatchSocket()
    {
        const ReadyEvents all = ReadyEvents.In | ReadyEvents.Out | ReadyEvents.PeerClosed | ReadyEvents.EdgeTriggered;
        if (!IsOver && !_trunk.Share.Loop.Watch(_socket!.Number, all, this))
        {
            Reset(ResetReason.Overloaded);
        }
    }

    private bool CompleteConnect()
    {
        var fault = TcpSocket.PendingError(_socket!.Number);
        if (fault != SocketFault.None)
        {
            FailDial(fault);
            return false;
        }

        Connected();
        return !IsOver;
    }

    private void FailDial(SocketFault fault)
    {
        _trunk.Share.Services.Refusals.Dial(fault, Path, Dialled!.Address, Port);
        Reset(ResetReasons.From(fault));
    }

    private void Connected()
    {
        Clear(StreamState.Connecting);
        Set(StreamState.Writable);
        _trunk.Streams.NoLongerOpening(this);
        _trunk.Output.Opened(Id);
        FlushPending();
    }

    private void Close()
    {
        if (IsOver)
        {
            return;
        }

        Set(StreamState.Over);
        _trunk.Share.Loop.Forget(this);
        _socket?.Dispose();
        _pending.Clear(_trunk.Blocks);
        _window.Release(_trunk.Share.Services.Windows);
        Dialled?.Connections.Remove();
        if (Has(StreamState.Counted))
        {
            _call.Over();
        }

        _trunk.Streams.Remove(this);
    }

    private bool Has(StreamState state) => (_state & state) != StreamState.None;

    private void Set(StreamState state) => _state |= state;

    private void Clear(StreamState state) => _state &= ~state;

    [Flags]
    private enum StreamState : byte
    {
        /// <summary>Nothing is known.</summary>
        None = 0,

        /// <summary>The exit's connect goes on.</summary>
        Connecting = 1,

        /// <summary>The local socket may have bytes, an end or an error.</summary>
        Readable = 2,

        /// <summary>The local socket takes bytes.</summary>
        Writable = 4,

        /// <summary>An end or an error stands behind the bytes: a short read does not mean that all is read.</summary>
        Ending = 8,

        /// <summary>The local end of stream was read and FIN sent.</summary>
        LocalEnded = 16,

        /// <summary>FIN was received.</summary>
        RemoteEnded = 32,

        /// <summary>Over.</summary>
        Over = 64,

        /// <summary>Its edge counts it as open.</summary>
        Counted = 128,
    }
}
