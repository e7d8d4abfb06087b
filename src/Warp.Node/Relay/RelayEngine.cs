using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;
using Warp.Node.Relay.Dialing;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Entry;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Tls;
using Warp.Node.Relay.Trunks;
using Warp.Node.Routing;
using Warp.Node.Security;

namespace Warp.Node.Relay;

/// <summary>
/// The data plane in user space: takes intercepted connections, carries them as streams over trunks to the peers, and dials their targets at the other end.
/// Made once per process; needs no actor system while it runs.
/// </summary>
public sealed class RelayEngine : ITunnelLinks, ITrunkSource, IAsyncDisposable
{
    private readonly RelayServices _services;
    private readonly ImmutableArray<LoopShare> _shares;
    private readonly ImmutableArray<EntryDesk> _entries;
    private readonly RelayLoop _handshakeLoop;
    private readonly HandshakeDesk _handshakes;
    private readonly ConcurrentDictionary<RunnerId, TunnelLink> _links = new();
    private readonly ConcurrentDictionary<Trunk, TaskCompletionSource<string?>> _dialled = new();
    private readonly RelayListeners _listeners = new();
    private readonly RelayDeparture _departure;
    private TunnelListener? _tunnels;
    private int _disposed;

    /// <summary>Makes an engine that does nothing yet.</summary>
    /// <param name="options">Every knob.</param>
    /// <param name="routes">Who may talk to whom; the engine follows its changes.</param>
    /// <param name="credentials">What this node proves itself with, asked at each handshake.</param>
    /// <param name="loggers">For the engine's log.</param>
    public RelayEngine(RelayOptions options, RouteHolder routes, ICredentialSource credentials, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(routes);
        var log = loggers.CreateLogger("Warp.Relay");
        var windows = new WindowLimits(options.InitialWindow, Math.Max(options.InitialWindow, options.MaxWindow), new ByteBudget(options.WindowBudget));
        _services = new RelayServices(options, routes, new TrunkTlsFactory(credentials, options.TlsLibrary, log), new RefusalCounters(log), windows, new ByteBudget(options.MaxBuffered), log);
        _shares = [.. Enumerable.Range(0, options.LoopCount).Select(i => new LoopShare(new RelayLoop($"relay-{i}", log), i, _services))];
        _entries = [.. _shares.Select(share => new EntryDesk(share, LinkFor))];
        Dialer = new ServiceDialer(_services, LinkFor);
        _handshakeLoop = new RelayLoop("relay-handshakes", log);
        _handshakes = new HandshakeDesk(_handshakeLoop, _services);
        _departure = new RelayDeparture(() => _links.Values, CountAsync);
    }

    /// <summary>
    /// Where the kernel holds intercepted connections until their service has been dialled; owned by the engine. Null: they are accepted first. Set before the start.
    /// </summary>
    internal ISynQueue? SynQueue { get; init; }

    /// <summary>Connects the node itself to public services. Usable once the engine runs.</summary>
    public IServiceDialer Dialer { get; }

    /// <summary>Whether trunks are encrypted by OpenSSL called directly; else by the framework's SslStream.</summary>
    public bool UsesOpenSsl => _services.Tls.UsesOpenSsl;

    /// <summary>Binds the listeners and starts the threads. Called once; after a problem the engine is only to be disposed.</summary>
    public RelayStart Start()
    {
        if (_services.Options.Problem() is { } wrong)
        {
            return new RelayStart(wrong);
        }

        if (_listeners.Bind(_services.Options) is { } problem)
        {
            return new RelayStart(problem);
        }

        StartLoops();
        _services.Routes.Published += OnRoutesPublished;
        return new RelayStart(null);
    }

    /// <inheritdoc/>
    public ITunnelLink Ensure(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var link = Link(peer.Runner);
        link.Update(peer.Tunnel);
        return link;
    }

    /// <summary>Looks at what the engine does now.</summary>
    /// <param name="maxFlows">How many connections to describe at most.</param>
    public async Task<RelaySnapshot> SnapshotAsync(int maxFlows)
    {
        var views = await Task.WhenAll(_shares.Select(share => FlowReader.ReadAsync(share, _links.Values, maxFlows))).ConfigureAwait(false);
        var refusals = Refusals();
        return new RelaySnapshot(
            [.. views.SelectMany(v => v.Flows).Take(maxFlows)], views.Sum(v => v.Count), refusals.AtEntry, refusals.AtExit, refusals.Handshakes, _services.Buffered.Used, _services.Windows.Budget.Used);
    }

    /// <summary>What was counted of the connections whose callers are here, by who calls whom.</summary>
    public ImmutableArray<EdgeView> Edges() => _services.Edges.Read();

    /// <summary>Memory that holds payload for slow readers, in bytes.</summary>
    public long BufferedBytes => _services.Buffered.Used;

    /// <summary>The links to other runners.</summary>
    public ImmutableArray<(RunnerId Peer, LinkCounters Counters)> Links() => [.. _links.Values.Select(link => (link.Peer, link.Read()))];

    /// <summary>What the engine has refused.</summary>
    public RelayRefusals Refusals() => _services.Refusals.Read();

    /// <summary>The node is told to stop: no trunk is taken or dialled any more, peers are told, and what is open may go on for the drain deadline.</summary>
    /// <returns>How many connections are still open then.</returns>
    public Task<int> LeaveAsync()
    {
        _handshakeLoop.Post(() => _tunnels?.Stop());
        return _departure.RunAsync(_services.Options.DrainDeadline);
    }

    /// <summary>Ends every stream with a reset, closes the listeners and stops the threads.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return ValueTask.CompletedTask;
        }

        _services.Routes.Published -= OnRoutesPublished;
        foreach (var link in _links.Values)
        {
            link.Abort();
        }

        _handshakeLoop.Post(_handshakes.Clear);
        foreach (var entry in _entries)
        {
            entry.Loop.Post(entry.Clear);
        }

        return new ValueTask(Task.Run(StopLoops));
    }

    /// <inheritdoc/>
    async Task<string?> ITrunkSource.DialAsync(TunnelLink link, NodeEndpoint endpoint)
    {
        if (_departure.HasBegun)
        {
            return RelayDeparture.Reason;
        }

        var (address, problem) = await TunnelAddress.ResolveAsync(endpoint).ConfigureAwait(false);
        if (address is null)
        {
            return problem;
        }

        var outcome = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _handshakes.Dial(address, link.Peer, (trunk, failure) =>
        {
            if (trunk is null)
            {
                outcome.TrySetResult(failure);
            }
            else
            {
                Adopt(trunk, outcome);
            }
        });
        return await outcome.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    void ITrunkSource.TrunkOpened(TunnelLink link, Trunk trunk)
    {
        if (_dialled.TryRemove(trunk, out var dial))
        {
            dial.TrySetResult(null);
        }

        RetryEntries();
    }

    /// <inheritdoc/>
    void ITrunkSource.TrunkClosed(Trunk trunk, string reason)
    {
        if (_dialled.TryRemove(trunk, out var dial))
        {
            dial.TrySetResult($"{trunk.Peer} ended the trunk at once: {reason}. Its log says why");
        }
    }

    /// <inheritdoc/>
    void ITrunkSource.Forget(TunnelLink link) => _links.TryRemove(KeyValuePair.Create(link.Peer, link));

    private async Task<int> CountAsync() => (await SnapshotAsync(maxFlows: 0).ConfigureAwait(false)).OpenFlows;

    private TunnelLink Link(RunnerId peer) => _links.TryGetValue(peer, out var link) ? link : _links.GetOrAdd(peer, p => new TunnelLink(p, this, _services));

    private TunnelLink LinkFor(Peer peer)
    {
        var link = Link(peer.Runner);
        link.Learn(peer.Tunnel);
        return link;
    }

    // To the loop with the fewest trunks of this peer, so that its trunks use several cores.
    private void Adopt(EstablishedTrunk established, TaskCompletionSource<string?>? dial)
    {
        if (_departure.HasBegun || Volatile.Read(ref _disposed) != 0)
        {
            established.Dispose();
            dial?.TrySetResult(RelayDeparture.Reason);
            return;
        }

        var link = Link(established.Peer);
        var share = _shares.MinBy(s => link.CountOn(s.Loop))!;
        var trunk = new Trunk(established, share, link);
        if (dial is not null)
        {
            _dialled[trunk] = dial;
        }

        link.TrunkAdded(trunk);
        share.Loop.Post(trunk.Start);
        if (Volatile.Read(ref _disposed) != 0)
        {
            // The engine may have ended its links just before this trunk was one of them.
            link.Abort();
        }
    }

    private void StartLoops()
    {
        _handshakeLoop.Post(() =>
        {
            _handshakeLoop.Join(_handshakes);
            if (_listeners.Tunnel is { } tunnel)
            {
                _tunnels = new TunnelListener(tunnel, _handshakes, established => Adopt(established, dial: null));
                _tunnels.Start();
            }
        });
        _handshakeLoop.Start();
        var waiting = SynQueue is { } queue ? new WaitingCallers(queue) : null;
        foreach (var desk in _entries)
        {
            desk.Loop.Post(() =>
            {
                desk.Start();
                foreach (var (acceptor, source) in _listeners.Entries)
                {
                    new EntryListener(acceptor, source, waiting, desk).Start();
                }

                if (waiting is not null)
                {
                    new SynReader(SynQueue!, waiting, desk).Start();
                }
            });
            desk.Loop.Start();
        }
    }

    private void StopLoops()
    {
        _handshakeLoop.Dispose();
        foreach (var share in _shares)
        {
            share.Dispose();
        }

        _listeners.Dispose();
        SynQueue?.Dispose();
    }

    private void OnRoutesPublished(object? sender, EventArgs e)
    {
        foreach (var link in _links.Values)
        {
            link.ForEachTrunk(static trunk => trunk.Streams.RoutesChanged());
        }

        foreach (var share in _shares)
        {
            share.Loop.Post(share.Flows.RoutesChanged);
        }

        RetryEntries();
    }

    private void RetryEntries()
    {
        foreach (var entry in _entries)
        {
            entry.Loop.Post(entry.Retry);
        }
    }
}
