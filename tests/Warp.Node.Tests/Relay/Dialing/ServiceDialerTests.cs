using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Node.Relay;
using Warp.Node.Relay.Dialing;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay.Dialing;

/// <summary>The ingress of runner <c>one</c> dials the public service <c>db</c>, here or on runner <c>two</c>. Runner one has no part in the deployment unless a test says so.</summary>
public sealed class ServiceDialerTests
{
    private static readonly RunnerId One = RunnerId.Parse("one");
    private static readonly RunnerId Two = RunnerId.Parse("two");
    private static readonly RunnerId Three = RunnerId.Parse("three");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_come_back_and_each_direction_ends_by_itself(bool isHere)
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere);
        await using (var stream = await DialAsync(relays, server.Port))
        {
            var sent = RandomNumberGenerator.GetBytes(10_000_000);
            var sending = Task.Run(() => stream.WriteAsync(sent));
            var received = new byte[sent.Length];
            await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Wait.Limit);
            await sending;
            received.ShouldBe(sent);
        }

        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).OpenFlows == 0 && (await relays.Two.SnapshotAsync(1)).OpenFlows == 0, "the stream is forgotten");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_servers_end_is_an_end_and_its_reset_is_an_error(bool isHere)
    {
        var reset = false;
        await using var server = new TargetServer(async socket =>
        {
            await socket.SendAsync("bye"u8.ToArray());
            _ = await socket.ReceiveAsync(new byte[1]);
            socket.LingerState = new LingerOption(reset, 0);
        });
        await using var relays = Start(server.Port, isHere);
        await using var first = await DialAsync(relays, server.Port);
        await first.WriteAsync("x"u8.ToArray());
        (await ReadAllAsync(first)).ShouldBe("bye"u8.ToArray());

        reset = true;
        await using var second = await DialAsync(relays, server.Port);
        await second.WriteAsync("x"u8.ToArray());
        await Should.ThrowAsync<IOException>(() => ReadAllAsync(second));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_port_that_the_service_does_not_serve_is_an_error_at_once(bool isHere)
    {
        var port = TestPorts.Next();
        await using var relays = Start(port, isHere);
        (await Should.ThrowAsync<IOException>(() => DialAsync(relays, port, hold: 60))).Message.ShouldContain("db in shop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_that_is_not_ready_is_waited_for(bool isHere)
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere);
        Publish(relays, server.Port, isHere, ready: false);
        var dialling = DialAsync(relays, server.Port, hold: 60);
        await Eventually.Never(() => dialling.IsCompleted, "it has an end", forSeconds: 0.3);
        Publish(relays, server.Port, isHere);
        await using var stream = await dialling.WaitAsync(Wait.Limit);
        await RoundTripAsync(stream);
    }

    [Fact]
    public async Task After_the_hold_there_is_an_error_that_names_the_cause()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        Publish(relays, server.Port, isHere: false, ready: false, hold: 1);
        (await Should.ThrowAsync<IOException>(() => DialAsync(relays, server.Port, hold: 1))).Message.ShouldContain("two: no instance of it is ready");
        (await Should.ThrowAsync<IOException>(() => DialAsync(relays, server.Port, hold: 1, Three))).Message.ShouldContain("no instance of it serves");
        (await Should.ThrowAsync<IOException>(() => DialAsync(relays, server.Port, hold: 0, []))).Message.ShouldContain("no instance of it serves");
    }

    [Fact]
    public async Task What_is_not_public_is_an_error_also_when_the_ingress_believes_it_is()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false, options: TestRelays.Options with { RouteWait = TimeSpan.FromMilliseconds(100) });
        (await Should.ThrowAsync<IOException>(() => DialAsync(relays, server.Port + 1, hold: 60))).Message.ShouldContain("not public");
        relays.RoutesTwo.Publish(relays.Routes("two"));
        (await Should.ThrowAsync<IOException>(() => DialAsync(relays, server.Port, hold: 60))).Message.ShouldContain("not public");
        (await relays.Two.SnapshotAsync(1)).DeniedAtExit[RouteRefusal.NotPublic].ShouldBe(2);
    }

    [Fact]
    public async Task A_service_that_comes_to_this_runner_meanwhile_is_found_here()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        relays.RoutesTwo.Publish(relays.Routes("two", [TestRelays.Db("one", null)], dbPublicPort: server.Port));
        var dialling = DialAsync(relays, server.Port, hold: 60, Two);
        Publish(relays, server.Port, isHere: true);
        await using var stream = await dialling;
        await RoundTripAsync(stream);
    }

    [Fact]
    public async Task A_runner_that_makes_it_wait_is_left_for_another_one()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        var (three, routesThree) = relays.StartThird();
        await using var _ = three;
        relays.RoutesOne.Publish(RunnerRoutes.Empty(One) with { Peers = [relays.PeerOne, relays.PeerTwo, relays.PeerThree] });
        routesThree.Publish(relays.Routes("three", [TestRelays.Db("three", TestRelays.Loopback, ready: false)], dbPublicPort: server.Port));
        (await relays.One.Ensure(relays.PeerThree).OpenTrunkAsync(CancellationToken.None)).Problem.ShouldBeNull();
        (await relays.One.Ensure(relays.PeerTwo).OpenTrunkAsync(CancellationToken.None)).Problem.ShouldBeNull();

        for (var i = 0; i < 4; i++)
        {
            await using var stream = await DialAsync(relays, server.Port, hold: 60, Two, Three);
            await RoundTripAsync(stream);
        }

        await Wait.UntilAsync(async () => (await three.SnapshotAsync(1)).OpenFlows == 0, "what was given up is forgotten");
    }

    [Fact]
    public async Task The_runner_with_the_fewest_connections_is_chosen()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        var (three, routesThree) = relays.StartThird();
        await using var _ = three;
        relays.RoutesOne.Publish(RunnerRoutes.Empty(One) with { Peers = [relays.PeerOne, relays.PeerTwo, relays.PeerThree] });
        routesThree.Publish(relays.Routes("three", [TestRelays.Db("three", TestRelays.Loopback)], dbPublicPort: server.Port));
        (await relays.One.Ensure(relays.PeerThree).OpenTrunkAsync(CancellationToken.None)).Problem.ShouldBeNull();
        (await relays.One.Ensure(relays.PeerTwo).OpenTrunkAsync(CancellationToken.None)).Problem.ShouldBeNull();
        var streams = new List<Stream>();
        for (var i = 0; i < 10; i++)
        {
            streams.Add(await DialAsync(relays, server.Port, hold: 10, Two, Three));
        }

        (await three.SnapshotAsync(1)).OpenFlows.ShouldBe(5);
        (await relays.Two.SnapshotAsync(1)).OpenFlows.ShouldBe(5);
        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_tunnel_that_no_deployment_needs_any_more_stays_for_the_ingress_at_both_ends()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        await using var stream = await DialAsync(relays, server.Port);
        await RoundTripAsync(stream);
        foreach (var link in new[] { relays.One.Ensure(relays.PeerTwo), relays.Two.Ensure(relays.PeerOne) })
        {
            link.Drain();
            link.Close();
        }

        await RoundTripAsync(stream);
        await using var other = await DialAsync(relays, server.Port);
        await RoundTripAsync(other);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_nothing_behind()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        Publish(relays, server.Port, isHere: false, ready: false);
        using var giveUp = new CancellationTokenSource();
        var dialling = relays.One.Dialer.ConnectAsync(Target(server.Port, 60, Two), giveUp.Token);
        await Wait.UntilAsync(async () => (await relays.Two.SnapshotAsync(1)).OpenFlows == 1, "the exit holds it");
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => dialling);
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).OpenFlows == 0 && (await relays.Two.SnapshotAsync(1)).OpenFlows == 0, "the stream is forgotten");
    }

    [Fact]
    public async Task A_stream_ends_when_its_service_is_no_longer_public_or_has_lost_its_place()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        foreach (var routes in new[] { relays.Routes("two"), relays.Routes("two", [TestRelays.Db("two", TestRelays.Loopback, generation: 2)], dbPublicPort: server.Port) })
        {
            Publish(relays, server.Port, isHere: false);
            await using var stream = await DialAsync(relays, server.Port);
            await RoundTripAsync(stream);
            relays.RoutesTwo.Publish(routes);
            await Should.ThrowAsync<IOException>(() => ReadAllAsync(stream));
        }
    }

    [Fact]
    public async Task A_lost_trunk_is_an_error_of_each_open_stream()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port, isHere: false);
        await using var stream = await DialAsync(relays, server.Port);
        await RoundTripAsync(stream);
        await relays.Two.DisposeAsync();
        await Should.ThrowAsync<IOException>(() => ReadAllAsync(stream));
    }

    [Fact]
    public async Task The_stream_carries_HTTP_requests_at_once_and_one_after_the_other()
    {
        await using var server = TargetServer.Http();
        await using var relays = Start(server.Port, isHere: false);
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, token) => await relays.One.Dialer.ConnectAsync(Target(server.Port, 10, Two), token) };
        using var client = new HttpClient(handler);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            for (var i = 0; i < 20; i++)
            {
                (await client.GetStringAsync(new Uri("http://db/")).WaitAsync(Wait.Limit)).ShouldBe("hello");
            }
        }));
    }

    private static TestRelays Start(int port, bool isHere, RelayOptions? options = null)
    {
        var relays = TestRelays.Start(port, options);
        Publish(relays, port, isHere);
        return relays;
    }

    private static void Publish(TestRelays relays, int port, bool isHere, bool ready = true, int hold = 60)
    {
        relays.RoutesOne.Publish(isHere
            ? relays.Routes("one", [TestRelays.Db("one", TestRelays.Loopback, ready: ready)], dbPublicPort: port, dbHold: hold)
            : RunnerRoutes.Empty(One) with { Peers = [relays.PeerOne, relays.PeerTwo] });
        relays.RoutesTwo.Publish(isHere
            ? RunnerRoutes.Empty(Two)
            : relays.Routes("two", [TestRelays.Db("two", TestRelays.Loopback, ready: ready)], dbPublicPort: port, dbHold: hold));
    }

    private static PublicTarget Target(int port, int hold, params ImmutableArray<RunnerId> runners) =>
        new(TestRelays.Deployment, ServiceName.Parse("db"), port, runners, TimeSpan.FromSeconds(hold));

    private static Task<Stream> DialAsync(TestRelays relays, int port, int hold = 10) => DialAsync(relays, port, hold, One, Two);

    private static Task<Stream> DialAsync(TestRelays relays, int port, int hold, params ImmutableArray<RunnerId> runners) =>
        relays.One.Dialer.ConnectAsync(Target(port, hold, runners), CancellationToken.None).WaitAsync(Wait.Limit);

    private static async Task RoundTripAsync(Stream stream)
    {
        await stream.WriteAsync("x"u8.ToArray());
        (await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Wait.Limit)).ShouldBe(1);
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all).WaitAsync(Wait.Limit);
        return all.ToArray();
    }
}
