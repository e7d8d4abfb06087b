using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Tunnels;

/// <summary>One tunnel actor for each peer that is needed; a peer that is needed again while its tunnel drains gets a new one right after.</summary>
internal sealed class TunnelsActor : ReceiveActor
{
    private readonly ITunnelLinks _links;
    private readonly TunnelOptions _options;
    private readonly Dictionary<RunnerId, IActorRef> _tunnels = [];
    private readonly SortedDictionary<string, TunnelView> _views = new(StringComparer.Ordinal);
    private Dictionary<RunnerId, Peer> _needed = [];
    private long _born;

    public TunnelsActor(ITunnelLinks links, TunnelOptions options)
    {
        (_links, _options) = (links, options);
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
            Adjust();
            Tell();
        });
    }

    /// <param name="links">The relay's links.</param>
    /// <param name="options">The tunnels' rhythms.</param>
    public static Props Props(ITunnelLinks links, TunnelOptions options) => Akka.Actor.Props.Create(() => new TunnelsActor(links, options));

    /// <summary>A tunnel that failed ends; <see cref="Adjust"/> makes a new one.</summary>
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

    private void Tell() => Context.Parent.Tell(new TunnelsAre([.. _views.Values]));
}
