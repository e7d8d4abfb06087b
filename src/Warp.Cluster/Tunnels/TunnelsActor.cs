using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Tunnels;

/// <summary>One tunnel actor for each peer that is needed; a peer that is needed again while its tunnel drains gets a new one after.</summary>
internal sealed class TunnelsActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Again = new("again");
    private readonly ITunnelLinks _links;
    private readonly TunnelOptions _options;
    private readonly IActorRef _listener;
    private readonly Dictionary<RunnerId, IActorRef> _tunnels = [];
    private readonly SortedDictionary<string, TunnelView> _views = new(StringComparer.Ordinal);
    private Dictionary<RunnerId, Peer> _needed = [];
    private long _born;

    public TunnelsActor(ITunnelLinks links, TunnelOptions options, IActorRef views)
    {
        (_links, _options, _listener) = (links, options, views);
        Receive<TunnelsFor>(m =>
        {
            _needed = m.Peers.ToDictionary(p => p.Runner);
            Adjust();
        });
        Receive<TunnelView>(m => Sender.Equals(_tunnels.GetValueOrDefault(m.Peer)), m =>
        {
            _views[m.Peer.Value] = m;
            Tell();
        });
        Receive<Terminated>(m =>
        {
            var peer = _tunnels.First(t => t.Value.Equals(m.ActorRef)).Key;
            _tunnels.Remove(peer);
            _views.Remove(peer.Value);
            Tell();
            Timers.StartSingleTimer(Again, Again, _options.Redial.First);
        });
        Receive<Signal>(Again.Equals, _ => Adjust());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="links">The relay's links.</param>
    /// <param name="options">The tunnels' rhythms.</param>
    /// <param name="views">Takes <see cref="TunnelsAre"/>.</param>
    public static Props Props(ITunnelLinks links, TunnelOptions options, IActorRef views) => Akka.Actor.Props.Create(() => new TunnelsActor(links, options, views));

    /// <summary>A tunnel that failed ends, and a new one is made a moment later.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Adjust()
    {
        foreach (var (runner, peer) in _needed)
        {
            if (_tunnels.TryGetValue(runner, out var tunnel))
            {
                tunnel.Tell(new PeerIs(peer));
            }
            else
            {
                _tunnels[runner] = Context.Watch(Context.ActorOf(TunnelActor.Props(peer, _links, _options), $"{runner}-{++_born}"));
            }
        }

        foreach (var tunnel in _tunnels.Where(t => !_needed.ContainsKey(t.Key)).Select(t => t.Value))
        {
            tunnel.Tell(DrainTunnel.Instance);
        }
    }

    private void Tell() => _listener.Tell(new TunnelsAre([.. _views.Values]));
}
