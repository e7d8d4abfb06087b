using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Tunnels;

/// <summary>
/// The link to one peer: dials, dials again with back-off, drains when it is not needed any more. It never touches payload. Its own end leaves the trunks as they are, because traffic
/// goes on while no actor system runs; only a link that was drained is closed.
/// </summary>
internal sealed class TunnelActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Dial = new("Dial");
    private static readonly Signal Settled = new("Settled");
    private static readonly Signal Look = new("Look");
    private static readonly Signal DrainTimeOver = new("DrainTimeOver");
    private readonly ITunnelLinks _links;
    private readonly TunnelOptions _options;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Peer _peer;
    private ITunnelLink _link;
    private TunnelView? _told;
    private string? _problem;
    private int _trunks;
    private int _failures;
    private long _attempt;
    private bool _dialling;

    public TunnelActor(Peer peer, ITunnelLinks links, TunnelOptions options)
    {
        (_peer, _links, _options) = (peer, links, options);
        _link = Attach();
        Become(Linked);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="peer">The other end.</param>
    /// <param name="links">The relay's links.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(Peer peer, ITunnelLinks links, TunnelOptions options) => Akka.Actor.Props.Create(() => new TunnelActor(peer, links, options));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Look, Look, _options.CountEvery);
        DialIn(_options.StartJitter * Random.Shared.NextDouble());
        LookAt(_link.Read());
    }

    /// <inheritdoc/>
    protected override void PostStop() => _link.OnTrunksChanged(static _ => { });

    private void Linked()
    {
        Receive<PeerIs>(m => m.Peer != _peer, m => Moved(m.Peer));
        Receive<PeerIs>(_ => { });
        Receive<DrainTunnel>(_ => Drain());
        Receive<Signal>(Dial.Equals, _ => Open());
        Receive<Dialled>(m => m.Attempt == _attempt, Came);
        Receive<Signal>(Settled.Equals, _ => _failures = 0);
        Receive<Signal>(Look.Equals, _ => LookAt(_link.Read()));
    }

    /// <summary>A peer that is needed again gets a new actor and a fresh link: this one took its leave of its streams already.</summary>
    private void Draining()
    {
        Receive<PeerIs>(_ => End());
        Receive<Signal>(DrainTimeOver.Equals, _ => End());
        Receive<DrainTunnel>(_ => { });
        Receive<Dialled>(_ => { });
        Receive<Signal>(Look.Equals, _ =>
        {
            var counters = _link.Read();
            _trunks = counters.Trunks;
            Tell(counters, TunnelState.Draining);
            if (_trunks == 0 && counters.Streams == 0)
            {
                End();
            }
        });
    }

    private ITunnelLink Attach()
    {
        var self = Self;
        var link = _links.Ensure(_peer);
        link.OnTrunksChanged(_ => self.Tell(Look));
        return link;
    }

    private void Moved(Peer peer)
    {
        _peer = peer;
        _link = Attach();
        _failures = 0;
        (_attempt, _dialling) = (_attempt + 1, false);
        DialIn(TimeSpan.Zero);
    }

    private void DialIn(TimeSpan delay) => Timers.StartSingleTimer(Dial, Dial, delay);

    private void Open()
    {
        if (_dialling || _trunks >= _options.Trunks)
        {
            return;
        }

        _dialling = true;
        var attempt = ++_attempt;
        var endpoint = _peer.Tunnel;
        var deadline = new Cancelable(Context.System.Scheduler, _options.DialDeadline);
        _ = OpenAsync(_link, deadline.Token).PipeTo(
            Self,
            success: o => new Dialled(attempt, o.Problem),
            failure: e => new Dialled(attempt, $"{endpoint} cannot be dialled: {e.Message}"));
    }

    private static async Task<TrunkOutcome> OpenAsync(ITunnelLink link, CancellationToken token) => await link.OpenTrunkAsync(token).WaitAsync(token).ConfigureAwait(false);

    private void Came(Dialled dialled)
    {
        _dialling = false;
        _problem = dialled.Problem;
        if (dialled.Problem is not null)
        {
            _failures++;
            DialIn(_options.Redial.After(_failures, Random.Shared.NextDouble()));
        }

        LookAt(_link.Read());
    }

    private void LookAt(LinkCounters counters)
    {
        var (before, now) = (_trunks, counters.Trunks);
        _trunks = now;
        if (before == 0 && now > 0)
        {
            Timers.StartSingleTimer(Settled, Settled, _options.Settled);
            Timers.Cancel(Dial);
            _log.Info("The tunnel to {0} is up ({1})", _peer.Runner, counters.Cipher);
        }
        else if (before > 0 && now == 0)
        {
            // A link that goes down as soon as it is up must not be dialled in a tight loop.
            _failures = Timers.IsTimerActive(Settled) ? _failures + 1 : 0;
            Timers.Cancel(Settled);
            _log.Warning("The tunnel to {0} is down", _peer.Runner);
        }

        if (now < _options.Trunks && !_dialling && !Timers.IsTimerActive(Dial))
        {
            DialIn(_options.Redial.After(Math.Max(1, _failures), Random.Shared.NextDouble()));
        }

        Tell(counters, (now, _failures) switch
        {
            ( > 0, _) => TunnelState.Up,
            (_, > 0) => TunnelState.BackingOff,
            _ => TunnelState.Connecting,
        });
    }

    private void Drain()
    {
        Timers.CancelAll();
        Timers.StartPeriodicTimer(Look, Look, _options.CountEvery);
        Timers.StartSingleTimer(DrainTimeOver, DrainTimeOver, _options.DrainDeadline);
        Become(Draining);
        _link.Drain();
        Self.Tell(Look);
    }

    private void End()
    {
        _link.Close();
        Context.Stop(Self);
    }

    private void Tell(LinkCounters counters, TunnelState state)
    {
        var view = new TunnelView(
            _peer.Runner, _peer.Tunnel, state, counters.Trunks, counters.Streams, counters.BytesSent, counters.BytesReceived, counters.Cipher, counters.Trunks > 0 ? null : _problem);
        if (view != _told)
        {
            _told = view;
            Context.Parent.Tell(view);
        }
    }

    private sealed record Dialled(long Attempt, string? Problem) : INoSerializationVerificationNeeded;
}
