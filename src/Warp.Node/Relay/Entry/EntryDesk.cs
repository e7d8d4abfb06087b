using System.Runtime.CompilerServices;
using Warp.Cluster.Protocol;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Trunks;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Entry;

/// <summary>Where the accepted connections of one loop get their route and their trunk; without one of them they wait a bounded time for it.</summary>
internal sealed class EntryDesk(LoopShare share, Func<Peer, TunnelLink> links) : ILoopMember
{
    // One path object for each way of a snapshot, shared by its streams; it goes when the snapshot and the streams are gone.
    private static readonly ConditionalWeakTable<EntryTarget, EntryPath> Paths = [];
    private readonly Queue<Waiting> _waiting = new();

    /// <summary>The loop.</summary>
    internal RelayLoop Loop => share.Loop;

    /// <summary>Ends a connection with a reset.</summary>
    internal static void Refuse(Descriptor socket)
    {
        TcpSocket.ResetOnClose(socket.Number);
        socket.Dispose();
    }

    /// <summary>Takes a connection on: refused, opened as a stream, or held until it has a route and its peer a trunk.</summary>
    internal void Admit(Descriptor socket, EntryCall call) => Settle(new Waiting(socket, call, Environment.TickCount64));

    /// <summary>Tries again what waits, oldest first: a link has got a trunk, or the routes have changed.</summary>
    internal void Retry()
    {
        for (var count = _waiting.Count; count > 0; count--)
        {
            Settle(_waiting.Dequeue());
        }
    }

    /// <inheritdoc/>
    public bool Turn() => false;

    /// <inheritdoc/>
    public void Tick(long now)
    {
        var limit = share.Services.Options.TrunkWait.TotalMilliseconds;
        while (_waiting.TryPeek(out var oldest) && now - oldest.Since > limit)
        {
            GiveUp(_waiting.Dequeue());
        }

        Retry();
    }

    /// <inheritdoc/>
    public void OnFault(Exception fault)
    {
    }

    /// <summary>Ends all that waits, because the engine ends.</summary>
    internal void Clear()
    {
        while (_waiting.TryDequeue(out var waiting))
        {
            Refuse(waiting.Socket);
        }
    }

    private void Settle(Waiting waiting)
    {
        var route = Resolve(waiting.Call);
        if (route.Target is { } target)
        {
            var link = links(target.Peer);
            if (link.Pick(Loop) is { } trunk)
            {
                Open(waiting, trunk, Paths.GetValue(target, static t => new EntryPath(t)));
                return;
            }

            link.DialOnDemand();
            Hold(waiting, worthIt: !link.IsDraining);
        }
        else
        {
            Hold(waiting, route.MayChange);
        }
    }

    private void Open(Waiting waiting, Trunk trunk, EntryPath path)
    {
        if (trunk.Share.Loop == Loop)
        {
            if (!trunk.Streams.TryOpen(waiting.Socket, path, waiting.Call.Port))
            {
                Hold(waiting, worthIt: true);
            }

            return;
        }

        // The stream lives where its trunk lives. Counted now, so that the next choice sees it.
        trunk.Load.AddStream();
        trunk.Share.Loop.Post(() =>
        {
            trunk.Load.RemoveStream();
            if (!trunk.Streams.TryOpen(waiting.Socket, path, waiting.Call.Port))
            {
                Loop.Post(() => Hold(waiting, worthIt: true));
            }
        });
    }

    private void Hold(Waiting waiting, bool worthIt)
    {
        if (worthIt && _waiting.Count < share.Services.Options.MaxHeld)
        {
            _waiting.Enqueue(waiting);
        }
        else
        {
            GiveUp(waiting);
        }
    }

    private void GiveUp(Waiting waiting)
    {
        if (Resolve(waiting.Call) is { Target: null } refused)
        {
            share.Services.Refusals.AtEntry(refused.Refusal, waiting.Call.Caller, $"{waiting.Call.Destination}:{waiting.Call.Port}");
        }

        Refuse(waiting.Socket);
    }

    private EntryRoute Resolve(EntryCall call) => share.Services.Routes.ResolveEntry(call.Caller, call.Destination);

    private sealed record Waiting(Descriptor Socket, EntryCall Call, long Since);
}
