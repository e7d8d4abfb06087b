using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Tests.Runners;
using Warp.Cluster.Tunnels;
using Xunit;

namespace Warp.Cluster.Tests.Tunnels;

public sealed class TunnelActorTests : TestKit
{
    private static readonly Peer Peer = new(RunnerId.Parse("runner-2"), new NodeEndpoint("10.0.0.2", 4054), new NodeEndpoint("10.0.0.2", 8558));
    private readonly FakeLinks _links = new();
    private readonly TunnelOptions _options = new()
    {
        StartJitter = TimeSpan.Zero,
        Redial = new BackOff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80)),
        CountEvery = TimeSpan.FromMilliseconds(20),
    };

    private readonly TestProbe _parent;

    public TunnelActorTests()
        : base("akka { loglevel = WARNING, stdout-loglevel = OFF }") => _parent = CreateTestProbe();

    private FakeLink Link => _links.Links[Peer.Runner];

    [Fact]
    public void It_dials_until_it_has_its_trunks_and_no_more()
    {
        Start();
        Await(v => v is { State: TunnelState.Up, Trunks: 2, Problem: null }).Cipher.ShouldBe("TLS 1.3 AES_128_GCM_SHA256");
        _parent.ExpectNoMsg(TimeSpan.FromMilliseconds(150));
        Link.Dials.ShouldBe(2);
    }

    [Fact]
    public void Trunks_that_the_peer_dialled_count()
    {
        _links.Ensure(Peer);
        Link.Trunks = 2;
        Start();
        Await(v => v.State == TunnelState.Up);
        _parent.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Link.Dials.ShouldBe(0);
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_shown_with_the_reason_and_dialled_again()
    {
        _links.Ensure(Peer);
        Link.Problem = "connection refused; is the node on 10.0.0.2 running?";
        Start();
        Await(v => v.State == TunnelState.BackingOff).Problem.ShouldBe(Link.Problem);
        AwaitCondition(() => Link.Dials > 3, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(10));
        Link.Problem = null;
        Await(v => v is { State: TunnelState.Up, Problem: null });
    }

    [Fact]
    public void A_lost_link_is_dialled_again()
    {
        Start();
        Await(v => v.Trunks == 2);
        Link.Trunks = 0;
        Await(v => v.State != TunnelState.Up);
        Await(v => v is { State: TunnelState.Up, Trunks: 2 });
    }

    [Fact]
    public void A_link_that_falls_as_soon_as_it_stands_is_dialled_ever_later()
    {
        var began = DateTimeOffset.UtcNow;
        Start(_options with { Trunks = 1 });
        for (var i = 0; i < 4; i++)
        {
            Await(v => v.State == TunnelState.Up);
            Link.Trunks = 0;
            Await(v => v.State == TunnelState.BackingOff);
        }

        Await(v => v.State == TunnelState.Up);
        (DateTimeOffset.UtcNow - began).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(20 + 40 + 80 + 80) * 0.7);
    }

    [Fact]
    public void A_new_endpoint_is_dialled_at_once()
    {
        _links.Ensure(Peer);
        Link.Problem = "no route to host";
        var tunnel = Start(_options with { Redial = new BackOff(TimeSpan.FromHours(1), TimeSpan.FromHours(1)) });
        Await(v => v.State == TunnelState.BackingOff);
        Link.Problem = null;
        var moved = Peer with { Tunnel = new NodeEndpoint("10.0.0.99", 4054) };
        tunnel.Tell(new PeerIs(moved));
        Await(v => v.State == TunnelState.Up).Endpoint.ShouldBe(moved.Tunnel);
        Link.Peer.ShouldBe(moved);
    }

    [Fact]
    public void Draining_waits_for_the_last_trunk_and_then_closes()
    {
        var tunnel = Start();
        Await(v => v.Trunks == 2);
        Watch(tunnel);
        tunnel.Tell(DrainTunnel.Instance);
        Await(v => v.State == TunnelState.Draining);
        Link.Drained.ShouldBeTrue();
        Link.Closed.ShouldBeFalse();
        Link.Trunks = 0;
        ExpectTerminated(tunnel);
        Link.Closed.ShouldBeTrue();
    }

    [Fact]
    public void Draining_waits_for_streams_on_trunks_that_take_no_new_ones()
    {
        var tunnel = Start();
        Await(v => v.Trunks == 2);
        Watch(tunnel);
        Link.Streams = 3;
        tunnel.Tell(DrainTunnel.Instance);
        Link.Trunks = 0;
        Await(v => v is { State: TunnelState.Draining, Trunks: 0, Streams: 3 });

        // Seen again and again, each time with fewer streams, and still not over.
        Link.Streams = 2;
        Await(v => v.Streams == 2);
        Link.Streams = 1;
        Await(v => v.Streams == 1);
        Link.Closed.ShouldBeFalse();

        Link.Streams = 0;
        ExpectTerminated(tunnel);
        Link.Closed.ShouldBeTrue();
    }

    [Fact]
    public void Draining_does_not_wait_for_ever()
    {
        var tunnel = Start(_options with { DrainDeadline = TimeSpan.FromMilliseconds(50) });
        Await(v => v.Trunks == 2);
        Watch(tunnel);
        tunnel.Tell(DrainTunnel.Instance);
        ExpectTerminated(tunnel);
        Link.Closed.ShouldBeTrue();
    }

    [Fact]
    public void The_actor_s_end_leaves_the_trunks_as_they_are()
    {
        var tunnel = Start();
        Await(v => v.Trunks == 2);
        Watch(tunnel);
        Sys.Stop(tunnel);
        ExpectTerminated(tunnel);
        Link.Closed.ShouldBeFalse();
        Link.Drained.ShouldBeFalse();
        Link.Trunks.ShouldBe(2);
    }

    private IActorRef Start(TunnelOptions? options = null) => _parent.ChildActorOf(TunnelActor.Props(Peer, _links, options ?? _options));

    private TunnelView Await(Func<TunnelView, bool> wanted) =>
        (TunnelView)_parent.FishForMessage(m => m is TunnelView v && wanted(v), TimeSpan.FromSeconds(20));
}
