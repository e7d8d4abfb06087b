using Warp.Cluster.Identity;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Local;

/// <summary>
/// One relayed connection whose both ends are on this runner: what comes from one socket goes to the other, on the loop that accepted it. Each direction ends by itself;
/// a reset ends both. A socket is read only while the other one takes bytes, so at most one read of each direction waits in memory.
/// </summary>
internal sealed class LocalFlow : ILoopMember
{
    private const int ChunksPerTurn = 4;
    private const int Chunk = 64 * 1024;
    private readonly LocalFlows _flows;
    private readonly EntryWay _way;
    private readonly LocalSide _caller;
    private readonly LocalSide _target;
    private readonly ushort _port;
    private bool _wantsTurn;

    internal LocalFlow(LocalFlows flows, EntryWay way, LocalInstance instance, int port)
    {
        (_flows, _way, Dialled, _port) = (flows, way, instance, (ushort)port);
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

    /// <summary>Takes the caller's socket over and dials the container.</summary>
    internal void Begin(Descriptor caller)
    {
        Dialled.Connections.Add();
        var attached = _caller.Attach(caller, isConnected: true);
        var fault = ContainerDial.Begin(Dialled.Address, _port, Share.Services.Options.BindCaller ? _way.CallerAddress : null, out var target);
        IsConnecting = fault == SocketFault.InProgress;
        if (target is not null)
        {
            attached &= _target.Attach(target, isConnected: !IsConnecting);
        }

        if (fault is not (SocketFault.None or SocketFault.InProgress))
        {
            FailDial(fault);
        }
        else if (!attached)
        {
            Abort();
        }
    }

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

        IsConnecting = false;
        if (_target.PendingError() is var fault and not SocketFault.None)
        {
            FailDial(fault);
            return false;
        }

        _target.Connected();
        _flows.Connected(this);
        WantTurn();
        return true;
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

    /// <summary>The container cannot be reached: the caller sees a reset.</summary>
    internal void FailDial(SocketFault fault)
    {
        Share.Services.Refusals.Dial(fault, this, Dialled.Address, _port);
        Abort();
    }

    /// <summary>Ends both directions with a reset to both applications.</summary>
    internal void Abort()
    {
        if (!IsOver)
        {
            _caller.ResetOnClose();
            _target.ResetOnClose();
            Close();
        }
    }

    /// <summary>Describes it.</summary>
    internal FlowView ToView(RunnerId self, long now) => new(
        Caller.Deployment,
        Caller.Service,
        _way.Target,
        _port,
        self,
        IsEntry: true,
        _caller.BytesRead,
        _target.BytesRead,
        TimeSpan.FromMilliseconds(now - StartedAt));

    /// <inheritdoc/>
    public override string ToString() => $"{Caller} to {Dialled}";

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
            if ((count < 0 && fault != SocketFault.WouldBlock) || (count > 0 && !to.Give(buffer.Next, count)))
            {
                Abort();
            }
        }

        return !IsOver && Advance(to, from) && from.CanRead && to.CanTake;
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
        _flows.Remove(this);
    }
}
