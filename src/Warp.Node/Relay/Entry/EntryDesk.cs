using System.Runtime.CompilerServices;
using Warp.Cluster.Protocol;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Trunks;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Entry;

/// <summary>Where the accepted connections of one loop get their route and their trunk; without a trunk they wait a bounded time for one.</summary>
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

    /// <summary>Takes a connection on: refused, opened as a stream, or held until its peer has a trunk.</summary>
    internal void Admit(Descriptor socket, EntryCall call)
    {
        var route = share.Services.Routes.ResolveEntry(call.Caller, call.Destination);
        if (route.Target is not { } target)
        {
            share.Services.Refusals.AtEntry(route.Refusal, call.Caller, $"{call.Destination}:{call.Port}");
            Refuse(socket);
            return;
        }

        var link = links(target.Peer);
        var waiting = new Waiting(socket, Paths.GetValue(target, static t => new EntryPath(t)), call.Port, link, Environment.TickCount64);
        if (!Place(waiting))
        {
            Hold(waiting);
        }
    }

    /// <summary>Tries again what waits, oldest first: a link has got a trunk.</summary>
    internal void Retry()
    {
        for (var count = _waiting.Count; count > 0; count--)
        {
            var waiting = _waiting.Dequeue();
            if (!Place(waiting))
            {
                _waiting.Enqueue(waiting);
            }
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
            Refuse(_waiting.Dequeue().Socket);
        }

        Retry();
        foreach (var waiting in _waiting)
        {
            waiting.Link.DialOnDemand();
        }
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

    private bool Place(Waiting waiting)
    {
        if (waiting.Link.Pick(Loop) is not { } trunk)
        {
            return false;
        }

        if (trunk.Share.Loop == Loop)
        {
            return trunk.Streams.TryOpen(waiting.Socket, waiting.Path, waiting.Port);
        }

        // The stream lives where its trunk lives. Counted now, so that the next choice sees it.
        trunk.Load.AddStream();
        trunk.Share.Loop.Post(() =>
        {
            trunk.Load.RemoveStream();
            if (!trunk.Streams.TryOpen(waiting.Socket, waiting.Path, waiting.Port))
            {
                Loop.Post(() => Hold(waiting));
            }
        });
        return true;
    }

    private void Hold(Waiting waiting)
    {
        if (_waiting.Count >= share.Services.Options.MaxHeld || waiting.Link.IsDraining)
        {
            Refuse(waiting.Socket);
            return;
        }

        _waiting.Enqueue(waiting);
        waiting.Link.DialOnDemand();
    }

    private sealed record Waiting(Descriptor Socket, EntryPath Path, int Port, TunnelLink Link, long Since);
}
