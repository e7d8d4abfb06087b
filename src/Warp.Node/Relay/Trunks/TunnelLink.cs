using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Streams;

namespace Warp.Node.Relay.Trunks;

/// <summary>Everything between this runner and one peer: its trunks, whoever dialled them, and how more are got. Callable from any thread.</summary>
internal sealed class TunnelLink : ITunnelLink
{
    private const int LocalAdvantage = 3;
    private readonly Lock _gate = new();
    private readonly ITrunkSource _source;
    private readonly RelayServices _services;
    private Trunk[] _open = [];
    private Trunk[] _all = [];
    private Task<TrunkOutcome>? _dial;
    private NodeEndpoint? _endpoint;
    private Action<int>? _listener;
    private long _nextDial;
    private long _sentBefore;
    private long _receivedBefore;
    private bool _dials;
    private bool _draining;
    private bool _kept;
    private long _peerStopsUntil;

    internal TunnelLink(RunnerId peer, ITrunkSource source, RelayServices services)
    {
        (Peer, _source, _services) = (peer, source, services);
        Buffers = new BufferShare(services.Buffered);
    }

    /// <summary>The other runner.</summary>
    internal RunnerId Peer { get; }

    /// <summary>What its streams hold for slow readers.</summary>
    internal BufferShare Buffers { get; }

    /// <summary>Whether there is neither an open trunk nor one that is coming or going.</summary>
    internal bool HasNoTrunk => Volatile.Read(ref _all).Length == 0;

    /// <summary>Whether it is draining or closed: it dials no more and takes no new streams.</summary>
    internal bool IsDraining => Volatile.Read(ref _draining);

    /// <summary>Whether the peer has ended the last trunk in good order a while ago, and has not been back since: most likely its node is being started again.</summary>
    internal bool PeerStops => Environment.TickCount64 < Volatile.Read(ref _peerStopsUntil);

    /// <summary>Makes known, or changes, where the peer is dialled; a drained link is in use again.</summary>
    internal void Update(NodeEndpoint endpoint)
    {
        Volatile.Write(ref _endpoint, endpoint);
        Volatile.Write(ref _draining, false);
    }

    /// <summary>Where the routes say that the peer is dialled; unlike <see cref="Update"/> it does not end a drain.</summary>
    internal void Learn(NodeEndpoint endpoint)
    {
        if (Volatile.Read(ref _endpoint) != endpoint)
        {
            Volatile.Write(ref _endpoint, endpoint);
        }
    }

    /// <summary>
    /// The ingress of either end uses it: it stays for the life of the process, whether or not the two runners share a deployment, and what asks it to drain or to close is not heard.
    /// </summary>
    internal void Keep()
    {
        if (!Volatile.Read(ref _kept))
        {
            Volatile.Write(ref _kept, true);
            Volatile.Write(ref _draining, false);
        }
    }

    /// <summary>The least busy trunk for a new stream; one of the asking loop, if there is one, is preferred when it is as good.</summary>
    internal Trunk? Pick(RelayLoop? local)
    {
        Trunk? best = null;
        var least = int.MaxValue;
        foreach (var trunk in Volatile.Read(ref _open))
        {
            var score = trunk.Load.Score + (trunk.Share.Loop == local ? 0 : LocalAdvantage);
            if (score < least)
            {
                (best, least) = (trunk, score);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public Task<TrunkOutcome> OpenTrunkAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _dials = true;
            return StartDial().WaitAsync(cancellationToken);
        }
    }

    /// <summary>Traffic needs a trunk: dials unless that was tried a moment ago.</summary>
    internal void DialOnDemand()
    {
        lock (_gate)
        {
            if (!_draining && Environment.TickCount64 >= _nextDial)
            {
                _dials = true;
                _ = StartDial();
            }
        }
    }

    /// <summary>Once a second while a trunk is open: keeps as many open as wanted, when it is this end that dials.</summary>
    internal void Maintain()
    {
        if (_dials && Volatile.Read(ref _open).Length is > 0 and var open && open < _services.Options.TrunksPerPeer)
        {
            DialOnDemand();
        }
    }

    /// <inheritdoc/>
    public void OnTrunksChanged(Action<int> openTrunks) => Volatile.Write(ref _listener, openTrunks);

    /// <inheritdoc/>
    public LinkCounters Read()
    {
        lock (_gate)
        {
            return new LinkCounters(
                _open.Length,
                _all.Sum(t => t.Load.Streams),
                _sentBefore + _all.Sum(t => t.Load.Sent),
                _receivedBefore + _all.Sum(t => t.Load.Received),
                _open.LastOrDefault()?.Cipher);
        }
    }

    /// <inheritdoc/>
    public void Drain()
    {
        if (Volatile.Read(ref _kept))
        {
            return;
        }

        Volatile.Write(ref _draining, true);
        ForEachTrunk(static trunk => trunk.Retire("the link drains"));
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (!Volatile.Read(ref _kept))
        {
            Abort();
        }
    }

    /// <summary>Closes the trunks at once, whoever uses them.</summary>
    internal void Abort()
    {
        Volatile.Write(ref _draining, true);
        ForEachTrunk(static trunk => trunk.Fail("the link is closed"));
        _source.Forget(this);
    }

    /// <summary>Runs an action on each trunk, on its loop.</summary>
    internal void ForEachTrunk(Action<Trunk> action)
    {
        foreach (var trunk in Volatile.Read(ref _all))
        {
            trunk.Share.Loop.Post(() => action(trunk));
        }
    }

    /// <summary>How many of its trunks are on a loop.</summary>
    internal int CountOn(RelayLoop loop) => Volatile.Read(ref _all).Count(t => t.Share.Loop == loop);

    /// <summary>Its trunks on a loop, opened or not.</summary>
    internal IEnumerable<Trunk> TrunksOn(RelayLoop loop) => Volatile.Read(ref _all).Where(t => t.Share.Loop == loop);

    /// <summary>A trunk has been given to its loop.</summary>
    internal void TrunkAdded(Trunk trunk)
    {
        lock (_gate)
        {
            Volatile.Write(ref _all, [.. _all, trunk]);
        }
    }

    /// <summary>A trunk can carry streams.</summary>
    internal void TrunkOpened(Trunk trunk, string remote)
    {
        int open;
        lock (_gate)
        {
            Volatile.Write(ref _open, [.. _open, trunk]);
            Volatile.Write(ref _peerStopsUntil, 0);
            open = _open.Length;
        }

        RelayLog.TrunkOpen(_services.Log, Peer, remote, trunk.Cipher, open);
        _source.TrunkOpened(this, trunk);
        Volatile.Read(ref _listener)?.Invoke(open);
        if (IsDraining)
        {
            trunk.Retire("the link drains");
        }
    }

    /// <summary>A trunk takes no new streams.</summary>
    /// <param name="trunk">Which.</param>
    /// <param name="reason">For the log.</param>
    /// <param name="byPeer">Whether the peer asked for it.</param>
    internal void TrunkRetired(Trunk trunk, string reason, bool byPeer)
    {
        RelayLog.TrunkRetired(_services.Log, Peer, reason);
        int open;
        lock (_gate)
        {
            Volatile.Write(ref _open, [.. _open.Where(t => t != trunk)]);
            open = _open.Length;
            Volatile.Write(ref _peerStopsUntil, byPeer && open == 0 ? Environment.TickCount64 + (long)_services.HoldForRestart.TotalMilliseconds : 0);
        }

        Volatile.Read(ref _listener)?.Invoke(open);
        TopUp();
    }

    /// <summary>A trunk is gone.</summary>
    internal void TrunkClosed(Trunk trunk, int streams, string reason)
    {
        int open;
        lock (_gate)
        {
            Volatile.Write(ref _open, [.. _open.Where(t => t != trunk)]);
            Volatile.Write(ref _all, [.. _all.Where(t => t != trunk)]);
            (_sentBefore, _receivedBefore) = (_sentBefore + trunk.Load.Sent, _receivedBefore + trunk.Load.Received);
            open = _open.Length;
        }

        RelayLog.TrunkClosed(_services.Log, Peer, streams, reason, open);
        _source.TrunkClosed(trunk, reason);
        Volatile.Read(ref _listener)?.Invoke(open);
    }

    // As many trunks as wanted, when it is this end that dials; a peer that takes none is left to the next demand.
    private void TopUp()
    {
        lock (_gate)
        {
            if (_dials && !_draining && _open.Length < _services.Options.TrunksPerPeer)
            {
                _ = StartDial();
            }
        }
    }

    private Task<TrunkOutcome> StartDial()
    {
        if (_dial is { IsCompleted: false } underWay)
        {
            return underWay;
        }

        _nextDial = Environment.TickCount64 + (long)_services.Options.DialInterval.TotalMilliseconds;
        _dial = LinkDial.RunAsync(this, _source, _services, Volatile.Read(ref _endpoint));
        _ = TopUpAfterAsync(_dial);
        return _dial;
    }

    private async Task TopUpAfterAsync(Task<TrunkOutcome> dial)
    {
        if ((await dial.ConfigureAwait(false)).Problem is null)
        {
            TopUp();
        }
    }
}
