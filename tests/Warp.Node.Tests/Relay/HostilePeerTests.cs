using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class HostilePeerTests
{
    [Fact]
    public async Task Garbage_on_the_tunnel_port_is_dropped_and_does_no_harm()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        for (var i = 0; i < 100; i++)
        {
            using var garbage = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await garbage.ConnectAsync("127.0.0.1", relays.EndpointOfTwo.Port);
            await garbage.SendAsync(RandomNumberGenerator.GetBytes(300));
        }

        await Wait.UntilAsync(async () => (await relays.Two.SnapshotAsync(1)).RefusedHandshakes >= 100, "each is refused");
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
    }

    [Fact]
    public async Task Silent_connections_cannot_keep_a_peer_out()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { MaxHandshakes = 4 });
        var silent = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", relays.EndpointOfTwo.Port);
            silent.Add(socket);
        }

        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task An_address_that_begins_many_handshakes_displaces_its_own_and_not_one_of_another_address()
    {
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(TestPorts.Next(), TestRelays.Options with { MaxHandshakes = 4 }, authority);
        var slow = await SilentAsync("127.0.0.2", relays.EndpointOfTwo.Port);
        var flood = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            flood.Add(await SilentAsync("127.0.0.1", relays.EndpointOfTwo.Port));
        }

        await Wait.UntilAsync(() => relays.Two.Refusals().Handshakes >= 17, "the flood displaces itself");
        using var peer = await RawPeer.ConnectAsync(slow, authority.Issue("one"));
        await peer.ReadPrefaceAsync();
        relays.Two.Refusals().Latest.ShouldHaveSingleItem().Caller.ShouldBe("127.0.0.1");
        flood.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_stream_is_never_passed_on_to_where_it_came_from()
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { RouteWait = TimeSpan.Zero }, authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"));
        await peer.ReadPrefaceAsync();

        // app is placed on "one", which asks.
        await peer.OpenAsync(1, Request(server.Port) with { Target = ServiceName.Parse("app") });

        var (header, payload) = await peer.ReadFrameAsync();
        (header.Type, header.Stream, payload[0]).ShouldBe((FrameType.Reset, 1u, (byte)ResetReason.Denied));
        (await relays.One.SnapshotAsync(1)).OpenFlows.ShouldBe(0);
    }

    [Theory]
    [InlineData("warp://test/admin/one")]
    [InlineData("warp://test/runner/two")]
    [InlineData("warp://other/runner/one")]
    public async Task An_identity_that_may_hold_no_trunk_is_refused(string identity)
    {
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(TestPorts.Next(), authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one", identity, authority));
        await peer.UntilClosedAsync();
        (await relays.Two.SnapshotAsync(1)).RefusedHandshakes.ShouldBe(1);
    }

    [Fact]
    public async Task A_frame_that_breaks_the_protocol_ends_the_trunk_with_a_reason()
    {
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(TestPorts.Next(), authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"));
        await peer.SendAsync((FrameType)77, 1, ReadOnlyMemory<byte>.Empty);
        await peer.UntilClosedAsync();
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("a frame of the unknown type 77", StringComparison.Ordinal)), "the log says why");
    }

    [Fact]
    public async Task Another_version_is_refused_and_named()
    {
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(TestPorts.Next(), authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"), new Preface(1, 1));
        await peer.UntilClosedAsync();
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("its largest frame is 1 bytes", StringComparison.Ordinal)), "the log says why");
    }

    [Fact]
    public async Task A_peer_that_floods_opens_is_bounded_and_others_are_served()
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { MaxStreamsPerTrunk = 100 }, authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"));
        for (var i = 0u; i < 5000; i++)
        {
            await peer.OpenAsync((2 * i) + 1, Request(server.Port));
        }

        (await relays.Two.SnapshotAsync(1)).OpenFlows.ShouldBeLessThanOrEqualTo(100);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
    }

    [Fact]
    public async Task A_peer_that_sends_beyond_its_window_loses_the_trunk()
    {
        await using var server = new TargetServer(_ => Task.Delay(Timeout.Infinite));
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { InitialWindow = 64 * 1024 }, authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"));
        await peer.OpenAsync(1, Request(server.Port) with { CallerGeneration = 9 });
        for (var i = 0; i < 5; i++)
        {
            await peer.SendAsync(FrameType.Data, 1, new byte[16 * 1024]);
        }

        await peer.UntilClosedAsync();
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("more data than the window allows", StringComparison.Ordinal)), "the log says why");
    }

    [Fact]
    public async Task A_peer_that_never_returns_credit_gets_no_more_than_its_window()
    {
        await using var server = new TargetServer(async socket =>
        {
            while (true)
            {
                _ = await socket.SendAsync(new byte[64 * 1024]);
            }
        });
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"), new Preface(16 * 1024, 100_000));
        await peer.ReadPrefaceAsync();
        await peer.OpenAsync(1, Request(server.Port));
        var received = 0;
        while (received < 100_000)
        {
            var (header, payload) = await peer.ReadFrameAsync();
            received += header.Type == FrameType.Data ? payload.Length : 0;
        }

        received.ShouldBe(100_000);
        await peer.SendAsync(FrameType.Ping, 0, new byte[8]);
        FrameHeader next;
        while ((next = (await peer.ReadFrameAsync()).Header).Type != FrameType.Pong)
        {
            next.Type.ShouldNotBe(FrameType.Data);
        }

        using var client = await relays.ConnectAsync();
        (await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit)).ShouldBe(1);
    }

    private static async Task<Socket> SilentAsync(string from, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync("127.0.0.1", port);
        return socket;
    }

    internal static OpenRequest Request(int port) =>
        new(TestRelays.Deployment, ServiceName.Parse("app"), 0, 1, ServiceName.Parse("db"), port);
}
