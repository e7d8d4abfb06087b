using Warp.Cluster.Identity;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Entry;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Local;

/// <summary>
/// One relayed connection whose both ends are on this runner: what comes from one socket goes to the other, on the loop that accepted it. Each direction ends by itself;
/// a reset ends both. A socket is read only while the other one takes bytes, so at most one read of each direction waits in memory.
/// </summary>
internal sealed class LocalFlow : ILoopMember, ICallCarrier
{
    private const int ChunksPerTurn = 4;
    private const int Chunk = 64 * 1024;
    private readonly LocalFlows _flows;
    private readonly EntryWay _way;
    private readonly HeldCall _call;
    private readonly LocalSide _caller;
    private readonly LocalSide _target;
    private bool _isCounted;
    private bool _wantsTurn;

    internal LocalFlow(LocalFlows flows, HeldCall call, EntryWay way, LocalInstance instance)
    {
        (_flows, _call, _way, Dialled) = (flows, call, way, instance);
        (_caller, _target) = (new LocalSide(this), new LocalSide(this));
    }

    /// <summary>The loop's things.</summary>
    internal LoopShare Share => _flows.Share;

    /// <summary>Memory for bytes that wait for slow readers.</summary>
    internal PeerBlocks Blocks => _flows.Blocks;

    /// <summary>The calling instance.</summary>
    internal InstanceId Caller => _way.Caller;

    /// <summary>The container that was dialled.</summary>
    internal LocalInstance Dialled { get; }

    /// <summary>Milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long StartedAt { get; } = Environment.TickCount64;

    /// <summary>Whether the container has not accepted yet.</summary>
    internal bool IsConnecting { get; private set; }

    /// <summary>Whether it is finished and belongs to nobody.</summary>
    internal bool IsOver { get; private set; }

    /// <inheritdoc/>
    RelayLoop ICallCarrier.Loop => Share.Loop;

    /// <summary>Dials the container; the caller is joined to it when that has its connection.</summary>
    internal void Begin()
    {
        Dialled.Connections.Add();
        IsConnecting = true;
        var fault = ContainerDial.Begin(Dialled.Address, _call.Call.Port, Share.Services.Options.BindCaller ? _way.CallerAddress : null, out var target);
        if (fault is not (SocketFault.None or SocketFault.InProgress))
        {
            target?.Dispose();
            FailDial(fault);
        }
        else if (!_target.Attach(target!, isConnected: fault == SocketFault.None))
        {
            Abort();
        }
        else if (fault == SocketFault.None)
        {
            Connect();
        }
    }

    /// <inheritdoc/>
    public void Attach(Descriptor socket)
    {
        if (IsOver)
        {
            socket.Dispose();
        }
        else if (!_caller.Attach(socket, isConnected: true))
        {
            Abort();
        }
    }

    /// <inheritdoc/>
    void ICallCarrier.Abandon() => Abort();

    /// <summary>Whether the side is the one whose connect goes on.</summary>
    internal bool IsConnectingTo(LocalSide side) => IsConnecting && side == _target;

    /// <summary>The container's side has an event while its connect goes on.</summary>
    /// <returns>Whether it is connected now.</returns>
    internal bool TryConnect(ReadyEvents events)
    {
        if (!events.HasAny(ReadyEvents.Out | ReadyEvents.Error | ReadyEvents.HangUp))
        {
            return false;
        }

        if (_target.PendingError() is var fault and not SocketFault.None)
        {
            FailDial(fault);
            return false;
        }

        _target.Connected();
        Connect();
        return !IsOver;
    }

    /// <summary>A side is ready for something.</summary>
    internal void OnReady(LocalSide side, bool hasError)
    {
        // Nobody would read the error of a side whose bytes are not wanted now, or that has ended.
        if (hasError && (!side.CanRead || !Other(side).CanTake) && side.PendingError() != SocketFault.None)
        {
            Abort();
        }
        else
        {
            WantTurn();
        }
    }

    /// <inheritdoc/>
    public bool Turn()
    {
        _wantsTurn = false;
        if (IsOver || IsConnecting)
        {
            return false;
        }

        var more = Carry(_caller, _target);
        more |= Carry(_target, _caller);
        if (!IsOver && _caller.IsDone && _target.IsDone)
        {
            _caller.Complete();
            _target.Complete();
            Close();
        }

        _wantsTurn = more && !IsOver;
        return _wantsTurn;
    }

    /// <inheritdoc/>
    public void Tick(long now)
    {
    }

    /// <inheritdoc/>
    public void OnFault(Exception fault) => Abort();

    /// <summary>The container cannot be reached.</summary>
    internal void FailDial(SocketFault fault)
    {
        _call.Counted.Failed(EdgeFailures.From(fault));
        Share.Services.Refusals.Dial(fault, this, Dialled.Address, _call.Call.Port);
        Abort(CallAnswers.From(fault));
    }

    /// <summary>The routes no longer allow it.</summary>
    internal void Revoke()
    {
        _call.Counted.Failed(EdgeFailure.Revoked);
        Abort();
    }

    /// <summary>Ends both directions with a reset to both applications.</summary>
    /// <param name="answer">What a caller that still waits in connect is told: to try again, when nothing else is known.</param>
    internal void Abort(SynAnswer answer = SynAnswer.Drop)
    {
        if (!IsOver)
        {
            if (IsConnecting)
            {
                _call.Caller.Refuse(answer);
            }

            Close();
        }
    }

    /// <summary>Describes it.</summary>
    internal FlowView ToView(RunnerId self, long now) => new(
        Caller.Deployment,
        Caller.Service,
        _way.Target,
        _call.Call.Port,
        self,
        IsEntry: true,
        _caller.BytesRead,
        _target.BytesRead,
        TimeSpan.FromMilliseconds(now - StartedAt));

    /// <inheritdoc/>
    public override string ToString() => $"{Caller} to {Dialled}";

    private void Connect()
    {
        IsConnecting = false;
        _isCounted = true;
        _call.Counted.Connected();
        _flows.Connected(this);
        _call.Caller.Connect(this);
        WantTurn();
    }

    private LocalSide Other(LocalSide side) => side == _caller ? _target : _caller;

    private void WantTurn()
    {
        if (!_wantsTurn && !IsOver)
        {
            _wantsTurn = true;
            Share.Loop.WantTurn(this);
        }
    }

    // One direction, a bounded number of chunks; true when it could go on at once.
    private unsafe bool Carry(LocalSide from, LocalSide to)
    {
        var buffer = Share.Batch;
        for (var chunks = 0; !IsOver && chunks < ChunksPerTurn && Advance(to, from) && from.CanRead && to.CanTake; chunks++)
        {
            var count = from.Read(buffer.Next, Math.Min(Chunk, buffer.Room), out var fault);
            Count(from, count);
            if ((count < 0 && fault != SocketFault.WouldBlock) || (count > 0 && !to.Give(buffer.Next, count)))
            {
                Abort();
            }
        }

        return !IsOver && Advance(to, from) && from.CanRead && to.CanTake;
    }

    private void Count(LocalSide from, int bytes)
    {
        if (bytes > 0 && from == _caller)
        {
            _call.Counted.AddSent(bytes);
        }
        else if (bytes > 0)
        {
            _call.Counted.AddReceived(bytes);
        }
    }

    private bool Advance(LocalSide to, LocalSide from)
    {
        if (!to.Flush(from.HasEnded))
        {
            Abort();
        }

        return !IsOver;
    }

    private void Close()
    {
        IsOver = true;
        _caller.Close();
        _target.Close();
        Dialled.Connections.Remove();
        if (_isCounted)
        {
            _call.Counted.Over();
        }

        _flows.Remove(this);
    }
}
