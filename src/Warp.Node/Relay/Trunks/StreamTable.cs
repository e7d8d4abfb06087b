using System.Buffers.Binary;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Trunks;

/// <summary>The streams of one trunk by number: opening by either end, frames to their streams, deadlines, and the check against new routes.</summary>
internal sealed class StreamTable
{
    private const int RechecksPerTurn = 256;
    private readonly Trunk _trunk;
    private readonly NumberTable<RelayStream> _streams = new();
    private readonly HashSet<RelayStream> _opening = [];
    private readonly ExitPathCache _paths = new();
    private readonly uint _ownParity;
    private int _unchecked;
    private uint _nextOwn;
    private uint _lastOfPeer;

    internal StreamTable(Trunk trunk, bool dialled)
    {
        _trunk = trunk;
        _ownParity = dialled ? 1u : 0u;
        _nextOwn = dialled ? 1u : 2u;
    }

    /// <summary>How many are open.</summary>
    internal int Count => _streams.Count;

    /// <summary>The open streams, for a view of them.</summary>
    internal IEnumerable<RelayStream> All => _streams.All;

    private RelayServices Services => _trunk.Share.Services;

    /// <summary>Entry: opens a stream for an accepted connection.</summary>
    /// <param name="socket">The connection; null when the path attaches it later.</param>
    /// <param name="path">From whom to whom.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="call">How it is counted.</param>
    /// <returns>False when the trunk cannot take it; the socket is untouched.</returns>
    internal bool TryOpen(Descriptor? socket, StreamPath path, int port, CountedCall call)
    {
        if (!_trunk.TakesStreams || _trunk.Output.IsCongested || _nextOwn > uint.MaxValue - 2)
        {
            return false;
        }

        var stream = new RelayStream(_trunk, _nextOwn, path, port, call);
        _nextOwn += 2;
        Add(stream);
        _trunk.Output.Open(stream.Id, path.Request with { Port = port });
        if (socket is not null)
        {
            stream.Attach(socket);
        }

        return true;
    }

    /// <summary>A frame of a stream.</summary>
    /// <returns>How the peer broke the protocol; null when it did not.</returns>
    internal string? OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == FrameType.Open)
        {
            return OnOpen(header.Stream, payload);
        }

        if (_streams.Find(header.Stream) is not { } stream)
        {
            // The stream is over at this end and the frame was under way: nothing to do. A number that was never used is another matter.
            return WasUsed(header.Stream) ? null : $"a {header.Type} frame for a stream that was never opened";
        }

        switch (header.Type)
        {
            case FrameType.Data:
                _trunk.Load.AddReceived(payload.Length);
                return stream.OnData(payload) ? null : "more data than the window allows";
            case FrameType.Window:
                var increment = BinaryPrimitives.ReadInt32BigEndian(payload);
                return increment > 0 && stream.OnWindow(increment) ? null : "a window beyond all bounds";
            case FrameType.Fin:
                return stream.OnFin() ? null : "a second end of stream";
            case FrameType.Opened:
                stream.OnConnected();
                return null;
            case FrameType.Reset:
                OnReset(stream, (ResetReason)payload[0], payload[1]);
                return null;
            default:
                return null;
        }
    }

    /// <summary>The stream has its connection, or is over.</summary>
    internal void NoLongerOpening(RelayStream stream) => _opening.Remove(stream);

    /// <summary>The stream is over.</summary>
    internal void Remove(RelayStream stream)
    {
        if (_streams.Remove(stream.Id))
        {
            _opening.Remove(stream);
            _trunk.Load.RemoveStream();
            stream.Path.OnOver();
        }
    }

    /// <summary>The trunk is lost.</summary>
    internal void AbortAll()
    {
        foreach (var stream in _streams.All.ToArray())
        {
            stream.Lose();
        }
    }

    /// <summary>New routes: asks again for what is held, and begins to check what is open.</summary>
    internal void RoutesChanged()
    {
        AdmitHeld();
        _unchecked = _streams.Places;
        _trunk.WantTurn();
    }

    /// <summary>Checks some of the open streams against the routes. What is opened meanwhile is judged by the new ones already.</summary>
    /// <returns>Whether more are to be checked.</returns>
    internal bool Recheck()
    {
        for (var i = 0; i < RechecksPerTurn && _unchecked > 0; i++)
        {
            if (_streams.At(--_unchecked) is { HasSocket: true } stream && !stream.Path.IsAllowed(Services.Routes, _trunk.Peer, stream.Port, stream.Dialled))
            {
                RelayLog.StreamEnded(Services.Log, stream.Path, "the routes no longer allow it");
                stream.Reset(ResetReason.Revoked);
            }
        }

        return _unchecked > 0;
    }

    /// <summary>Ends what waited too long.</summary>
    internal void Tick(long now)
    {
        if (_opening.Count == 0)
        {
            return;
        }

        AdmitHeld();
        foreach (var stream in _opening.Where(s => s.HasSocket && now - s.StartedAt > Services.Options.DialTimeout.TotalMilliseconds).ToArray())
        {
            stream.Reset(ResetReason.TimedOut);
        }
    }

    private string? OnOpen(uint id, ReadOnlySpan<byte> payload)
    {
        if ((id & 1) == _ownParity || id <= _lastOfPeer)
        {
            return $"a new stream with the number {id}";
        }

        _lastOfPeer = id;
        if (!_paths.TryRead(payload, out var path, out var port))
        {
            return "a malformed OPEN frame";
        }

        if (_streams.Count >= Services.Options.MaxStreamsPerTrunk)
        {
            _trunk.Output.Reset(id, ResetReason.Overloaded, 0);
            return null;
        }

        if (path!.Request.IsIngress)
        {
            _trunk.Link.Keep();
        }

        var stream = new RelayStream(_trunk, id, path, port, default);
        Add(stream);
        Admit(stream);
        return null;
    }

    // Dialled, denied, or held: a moment for routes that are on their way, or as long as the service wants for an instance that can take it.
    private void Admit(RelayStream stream)
    {
        var route = Services.Routes.ResolveExit(_trunk.Peer, stream.Path.Request with { Port = stream.Port });
        if (route.Instance is { } instance)
        {
            stream.Dial(instance, Services.Options.BindCaller ? route.CallerIstAddress : null);
        }
        else if (Environment.TickCount64 - stream.StartedAt >= Services.HoldAtExit(route) || _opening.Count >= Services.Options.MaxHeld)
        {
            Deny(stream, route.Refusal);
        }

        if (!stream.IsOver && stream.IsOpening)
        {
            _opening.Add(stream);
        }
    }

    private void AdmitHeld()
    {
        foreach (var held in _opening.Where(s => !s.HasSocket).ToArray())
        {
            // The trunk may break on the way, and end all of them.
            if (_opening.Remove(held))
            {
                Admit(held);
            }
        }
    }

    private void Deny(RelayStream stream, RouteRefusal refusal)
    {
        Services.Refusals.AtExit(refusal, _trunk.Peer, stream.Path);
        stream.Reset(ResetReason.Denied, (byte)refusal);
    }

    private void OnReset(RelayStream stream, ResetReason reason, byte detail)
    {
        if (reason == ResetReason.Denied && stream.Path is EntryPath entry)
        {
            Services.Refusals.AtEntry(RefusalCounters.FromWire(detail), entry.Target.Caller, $"{entry.Target.Target}:{stream.Port} on {_trunk.Peer}");
        }

        stream.OnReset(reason, detail);
    }

    private void Add(RelayStream stream)
    {
        _streams.Add(stream.Id, stream);
        _trunk.Load.AddStream();
        stream.Path.OnBegun(stream);
    }

    private bool WasUsed(uint id) => (id & 1) == _ownParity ? id < _nextOwn : id <= _lastOfPeer;
}
