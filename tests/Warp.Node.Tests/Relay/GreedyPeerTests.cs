using System.Net.Sockets;
using System.Security.Cryptography;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class GreedyPeerTests
{
    private const int Window = 64 * 1024;

    [Fact]
    public async Task A_peer_that_fills_the_memory_for_waiting_bytes_is_reset_and_nobody_else()
    {
        const int memory = 4 * 1024 * 1024;
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { MaxBuffered = memory, InitialWindow = Window }, authority);

        // Nobody takes what comes: it waits at the exit for an instance that is not there yet.
        relays.RoutesTwo.Publish(WithCallerOnThree(relays.Routes("two", dbRuns: false, dbHold: 60)));
        using var greedy = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("three"));
        await greedy.ReadPrefaceAsync();
        for (var stream = 1u; stream < 400; stream += 2)
        {
            await greedy.OpenAsync(stream, HostilePeerTests.Request(server.Port) with { CallerOrdinal = 1 });
            await greedy.SendAsync(FrameType.Data, stream, new byte[Window / 2]);
            await greedy.SendAsync(FrameType.Data, stream, new byte[Window / 2]);
        }

        (await ResetsUntilPongAsync(greedy)).ShouldBeGreaterThan(100);
        var held = (await relays.Two.SnapshotAsync(1)).BufferedBytes;
        held.ShouldBeInRange(memory / 4, memory / 2);

        using var client = await relays.ConnectAsync();
        var sent = RandomNumberGenerator.GetBytes(Window);
        await TargetServer.SendAllAsync(client, sent);
        await Wait.UntilAsync(async () => (await relays.Two.SnapshotAsync(1)).BufferedBytes >= held + Window, "the bytes of the other peer wait too");

        relays.RoutesTwo.Publish(WithCallerOnThree(relays.Routes("two")));
        client.Shutdown(SocketShutdown.Send);
        (await TargetServer.ReadAllAsync(client)).ShouldBe(sent);
    }

    [Fact]
    public async Task A_peer_that_stops_reading_holds_up_its_own_streams_and_nobody_else()
    {
        const int bound = 64 * 1024 * 1024;
        var given = 0L;
        await using var server = new TargetServer(async socket =>
        {
            socket.SendBufferSize = Window;
            while (true)
            {
                Interlocked.Add(ref given, await socket.SendAsync(new byte[Window]));
            }
        });
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, authority: authority);
        using var deaf = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"), new Preface(16 * 1024, int.MaxValue));
        for (var stream = 1u; stream < 9; stream += 2)
        {
            await deaf.OpenAsync(stream, HostilePeerTests.Request(server.Port));
        }

        await Wait.UntilSteadyAsync(() => Interlocked.Read(ref given), "the servers can send no more");
        Interlocked.Read(ref given).ShouldBeInRange(1, bound);
        (await relays.Two.SnapshotAsync(1)).BufferedBytes.ShouldBe(0);

        using var client = await relays.ConnectAsync();
        (await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit)).ShouldBe(1);
    }

    [Fact]
    public async Task A_peer_that_asks_and_never_reads_the_answers_loses_its_trunk()
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, authority: authority);
        using var deaf = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"));
        var pings = Enumerable.Repeat(RawPeer.Frame(FrameType.Ping, 0, new byte[8]), 4096).SelectMany(f => f).ToArray();
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    await deaf.WriteAsync(pings);
                }
                catch (IOException)
                {
                    // The trunk is gone; the log says so.
                }

                return relays.Log.Lines.Any(l => l.Contains("the peer does not read what it is sent", StringComparison.Ordinal));
            },
            "the trunk is ended, with the reason");

        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
    }

    // A second instance of the caller is on the runner "three".
    private static RunnerRoutes WithCallerOnThree(RunnerRoutes routes)
    {
        var deployment = routes.Deployments[0];
        var app = deployment.Services[0];
        var first = app.Instances[0].Instance;
        var second = new InstanceRoute(new InstanceId(first.Deployment, first.Service, 1, first.Generation), RunnerId.Parse("three"), null);
        return routes with { Deployments = [deployment with { Services = deployment.Services.SetItem(0, app with { Instances = app.Instances.Add(second) }) }] };
    }

    private static async Task<int> ResetsUntilPongAsync(RawPeer peer)
    {
        await peer.SendAsync(FrameType.Ping, 0, new byte[8]);
        var resets = 0;
        FrameHeader header;
        while ((header = (await peer.ReadFrameAsync()).Header).Type != FrameType.Pong)
        {
            resets += header.Type == FrameType.Reset ? 1 : 0;
        }

        return resets;
    }
}
