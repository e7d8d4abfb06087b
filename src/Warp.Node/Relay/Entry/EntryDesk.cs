using System.Runtime.CompilerServices;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Trunks;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Entry;

/// <summary>
/// Where the accepted connections of one loop get their way: to a container of this runner, or over a trunk to another one. While there is none they are held, a bounded number
/// for a bounded time: as long as the service wants while no instance can take them or their runner is away, and a moment for routes or a trunk that is on its way.
/// </summary>
internal sealed class EntryDesk(LoopShare share, Func<Peer, TunnelLink> links) : ILoopMember
{
    // One path object for each way of a snapshot, shared by its streams; it goes when the snapshot and the streams are gone.
    private static readonly ConditionalWeakTable<EntryTarget, EntryPath> Paths = [];
    private readonly HeldCalls _held = new(share.Services.Options.MaxHeld);
    private bool _isClosed;

    /// <summary>The loop.</summary>
    internal RelayLoop Loop => share.Loop;

    /// <summary>On the loop's thread: begins to look at deadlines.</summary>
    internal void Start()
    {
        Loop.Join(this);
        Loop.Join(share.Flows);
    }

    /// <summary>Takes a connection on: refused, connected, or held.</summary>
    internal void Admit(Caller caller, EntryCall call) => Settle(new HeldCall(caller, call));

    /// <summary>Counts an accepted connection as its container's until it is closed; false when that one has too many for what is left.</summary>
    internal bool TryCharge(Descriptor socket, in EntryCall call)
    {
        if (share.Services.Connections.TryTake(call.Caller))
        {
            socket.OnClosed(share.Services.Connections, call.Caller);
            return true;
        }

        share.Services.Refusals.AtEntry(RouteRefusal.TooMany, Describe(call.Caller), $"{call.Destination}:{call.Port}");
        return false;
    }

    /// <summary>From any thread: a runner did not take the connection, another one may.</summary>
    internal void Again(HeldCall call, RunnerId runner, RouteRefusal why) => Loop.Post(() =>
    {
        call.Deny(runner, why);
        Settle(call);
    });

    /// <summary>Tries again what is held, oldest first: a link has got a trunk, or the routes have changed.</summary>
    internal void Retry()
    {
        for (var count = _held.Count; count > 0 && _held.Take() is { } call; count--)
        {
            Settle(call);
        }
    }

    /// <inheritdoc/>
    public bool Turn() => false;

    /// <inheritdoc/>
    public void Tick(long now)
    {
        // A caller that went away makes room for others.
        for (var count = _held.Count; count > 0 && _held.Take() is { } call; count--)
        {
            if (call.Caller.IsGone)
            {
                call.Caller.Refuse(SynAnswer.Drop);
            }
            else
            {
                Settle(call);
            }
        }
    }

    /// <inheritdoc/>
    public void OnFault(Exception fault)
    {
    }

    /// <summary>Ends all connections of this loop that are held or stay on this runner, because the engine ends.</summary>
    internal void Clear()
    {
        _isClosed = true;
        while (_held.Take() is { } call)
        {
            call.Caller.Refuse(SynAnswer.Drop);
        }

        share.Flows.Clear();
    }

    private void Settle(HeldCall call)
    {
        if (_isClosed)
        {
            call.Caller.Refuse(SynAnswer.Drop);
            return;
        }

        var route = share.Services.Routes.ResolveEntry(call.Call.Caller, call.Call.Destination);
        call.HoldSeconds = route.HoldSeconds;
        if (route is { Caller: { } caller, Target: { } service })
        {
            call.CountAt(share.EdgeOf(new EdgeName(caller.Deployment, caller.Service, service, call.Call.Port)));
        }

        if (route.Way is not { } way)
        {
            HoldOrRefuse(call, route, route.Refusal);
        }
        else if (LeastConnections.Pick(way.Here) is { } instance)
        {
            share.Flows.Open(call, way, instance);
        }
        else if (Choose(call, way) is { } target && TrunkTo(target) is { } trunk)
        {
            Open(call, trunk, target, way.HasAlternatives);
        }
        else if (call.Denial != RouteRefusal.None)
        {
            var denial = call.Denial;
            call.ForgetDenials();
            HoldOrRefuse(call, route, denial);
        }
        else
        {
            WaitForTrunk(call, DialAny(way), way.Elsewhere.Any(target => links(target.Peer).PeerStops));
        }
    }

    private void HoldOrRefuse(HeldCall call, in EntryRoute route, RouteRefusal refusal)
    {
        if (!TryHold(call, share.Services.HoldAtEntry(route)))
        {
            share.Services.Refusals.AtEntry(refusal, Describe(call.Call.Caller), $"{call.Call.Destination}:{call.Call.Port}");
            call.Counted.Failed(EdgeFailures.From(refusal));
            call.Caller.Refuse(CallAnswers.From(refusal));
        }
    }

    private string Describe(Ipv4Address caller) => share.Services.Routes.FindCaller(caller) is { } instance ? $"{instance} at {caller}" : $"{caller}";

    private EntryTarget? Choose(HeldCall call, EntryWay way) => LeastConnections.Pick(
        way.Elsewhere, (Desk: this, Call: call), static (target, state) => !state.Call.IsDeniedBy(target.Peer.Runner) && state.Desk.TrunkTo(target) is not null);

    private Trunk? TrunkTo(EntryTarget target) => links(target.Peer).Pick(Loop);

    // Whether one of the runners may have a trunk soon.
    private bool DialAny(EntryWay way)
    {
        var mayCome = false;
        foreach (var target in way.Elsewhere)
        {
            var link = links(target.Peer);
            link.DialOnDemand();
            mayCome |= !link.IsDraining;
        }

        return mayCome;
    }

    private void Open(HeldCall call, Trunk trunk, EntryTarget target, bool hasAlternatives)
    {
        var path = Paths.GetValue(target, static t => new EntryPath(t));
        if (trunk.Share.Loop == Loop)
        {
            if (!TryOpen(call, trunk, path, hasAlternatives))
            {
                WaitForTrunk(call, mayCome: true);
            }
        }
        else
        {
            HandOver(call, trunk, path, hasAlternatives);
        }
    }

    // The stream lives where its trunk lives. Counted now, so that the next choice sees it. (By itself: what a lambda captures is allocated when its method begins.)
    private void HandOver(HeldCall call, Trunk trunk, EntryPath path, bool hasAlternatives)
    {
        var target = path.Target;
        trunk.Load.AddStream();
        target.Connections.Add();
        trunk.Share.Loop.Post(() =>
        {
            trunk.Load.RemoveStream();
            target.Connections.Remove();
            if (!TryOpen(call, trunk, path, hasAlternatives))
            {
                Loop.Post(() => WaitForTrunk(call, mayCome: true));
            }
        });
    }

    // Where nobody else could take it, an accepted connection need not wait for the exit: what the caller sends may follow at once.
    private bool TryOpen(HeldCall call, Trunk trunk, EntryPath path, bool hasAlternatives) => !hasAlternatives && call.Caller.Connection is { } socket
        ? trunk.Streams.TryOpen(socket, path, call.Call.Port, call.Counted)
        : trunk.Streams.TryOpen(null, new TentativePath(path, call, this), call.Call.Port, call.Counted);

    private void WaitForTrunk(HeldCall call, bool mayCome, bool peerStops = false)
    {
        if (!mayCome || !TryHold(call, share.Services.HoldForTrunk(call.HoldSeconds, peerStops)))
        {
            call.Counted.Failed(EdgeFailure.TunnelLost);
            call.Caller.Refuse(SynAnswer.Unreachable);
        }
    }

    private bool TryHold(HeldCall call, double milliseconds) =>
        !_isClosed && Environment.TickCount64 - call.Since < milliseconds && _held.TryAdd(call);
}
