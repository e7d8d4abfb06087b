using Warp.Node.Relay.Entry;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Local;

/// <summary>The connections of one loop whose both ends are on this runner: deadlines, and the check against new routes. Used on the loop's thread.</summary>
internal sealed class LocalFlows(LoopShare share) : ILoopMember
{
    private const int RechecksPerTurn = 256;
    private readonly HashSet<LocalFlow> _flows = [];
    private readonly HashSet<LocalFlow> _connecting = [];
    private readonly Queue<LocalFlow> _recheck = new();

    /// <summary>The loop's and the engine's things.</summary>
    internal LoopShare Share => share;

    /// <summary>Memory for bytes that wait for slow readers: this runner is one peer among the others.</summary>
    internal PeerBlocks Blocks { get; } = new(share.Blocks, new BufferShare(share.Services.Buffered));

    /// <summary>How many are open.</summary>
    internal int Count => _flows.Count;

    /// <summary>The open ones, for a view of them.</summary>
    internal IEnumerable<LocalFlow> All => _flows;

    /// <summary>Connects a call with a container.</summary>
    internal void Open(HeldCall call, EntryWay way, LocalInstance instance)
    {
        var flow = new LocalFlow(this, call, way, instance);
        _flows.Add(flow);
        flow.Begin();
        if (flow.IsConnecting && !flow.IsOver)
        {
            _connecting.Add(flow);
        }
    }

    /// <summary>The connection has its container.</summary>
    internal void Connected(LocalFlow flow) => _connecting.Remove(flow);

    /// <summary>The connection is over.</summary>
    internal void Remove(LocalFlow flow)
    {
        _flows.Remove(flow);
        _connecting.Remove(flow);
    }

    /// <summary>New routes: begins to check what is open.</summary>
    internal void RoutesChanged()
    {
        var idle = _recheck.Count == 0;
        _recheck.Clear();
        foreach (var flow in _flows)
        {
            _recheck.Enqueue(flow);
        }

        if (idle && _recheck.Count > 0)
        {
            share.Loop.WantTurn(this);
        }
    }

    /// <inheritdoc/>
    public bool Turn()
    {
        for (var i = 0; i < RechecksPerTurn && _recheck.TryDequeue(out var flow); i++)
        {
            if (!flow.IsOver && !share.Services.Routes.StillAllows(flow.Caller, flow.Dialled))
            {
                RelayLog.StreamEnded(share.Services.Log, flow, "the routes no longer allow it");
                flow.Revoke();
            }
        }

        return _recheck.Count > 0;
    }

    /// <inheritdoc/>
    public void Tick(long now)
    {
        var limit = share.Services.Options.DialTimeout.TotalMilliseconds;
        foreach (var late in _connecting.Where(f => now - f.StartedAt > limit).ToArray())
        {
            late.FailDial(SocketFault.TimedOut);
        }
    }

    /// <inheritdoc/>
    public void OnFault(Exception fault)
    {
    }

    /// <summary>Ends all, because the engine ends.</summary>
    internal void Clear()
    {
        foreach (var flow in _flows.ToArray())
        {
            flow.Abort();
        }
    }
}
