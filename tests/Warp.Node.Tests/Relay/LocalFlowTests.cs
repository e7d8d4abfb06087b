using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Relay;

/// <summary>Both ends on one runner: the relay connects them without a trunk.</summary>
public sealed class LocalFlowTests
{
    private static readonly InstanceRouteSource First = new("127.0.0.1", 0);
    private static readonly InstanceRouteSource Second = new("127.0.0.2", 1);

    [Fact]
    public async Task Bytes_come_back_without_a_trunk_and_the_connection_is_seen()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);

        var snapshot = await relays.One.SnapshotAsync(10);
        snapshot.OpenFlows.ShouldBe(1);
        var flow = snapshot.Flows.ShouldHaveSingleItem();
        (flow.Caller, flow.Target, flow.Port, flow.Peer).ShouldBe((ServiceName.Parse("app"), ServiceName.Parse("db"), server.Port, RunnerId.Parse("one")));
        (flow.IsEntry, flow.BytesSent, flow.BytesReceived).ShouldBe((true, 1, 1));
        (await relays.Two.SnapshotAsync(10)).OpenFlows.ShouldBe(0);
    }

    [Fact]
    public async Task A_hundred_megabytes_each_way_at_once_arrive_unchanged()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port);
        using var client = await relays.ConnectAsync();
        var sent = RandomNumberGenerator.GetBytes(100_000_000);
        var sending = Task.Run(async () =>
        {
            await TargetServer.SendAllAsync(client, sent);
            client.Shutdown(SocketShutdown.Send);
        });
        var received = await TargetServer.ReadAllAsync(client);
        await sending;
        SHA256.HashData(received).ShouldBe(SHA256.HashData(sent));
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task Each_direction_ends_by_itself()
    {
        var received = new TaskCompletionSource<byte[]>();
        await using var server = new TargetServer(async socket =>
        {
            var question = await TargetServer.ReadAllAsync(socket);
            await TargetServer.SendAllAsync(socket, Encoding.ASCII.GetBytes($"{question.Length} bytes"));
            received.SetResult(question);
        });
        await using var relays = Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TargetServer.SendAllAsync(client, new byte[1_000_000]);
        client.Shutdown(SocketShutdown.Send);
        Encoding.ASCII.GetString(await TargetServer.ReadAllAsync(client)).ShouldBe("1000000 bytes");
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task A_reset_of_the_server_is_a_reset_at_the_client()
    {
        await using var server = new TargetServer(async socket =>
        {
            _ = await socket.ReceiveAsync(new byte[1]);
            socket.LingerState = new LingerOption(enable: true, 0);
        });
        await using var relays = Start(server.Port);
        using var client = await relays.ConnectAsync();
        await client.SendAsync(new byte[1]);
        (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.ConnectionReset);
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task A_reset_of_the_client_is_a_reset_at_the_server()
    {
        var seen = new TaskCompletionSource<SocketError>();
        await using var server = new TargetServer(async socket =>
        {
            await socket.SendAsync(new byte[1]);
            seen.SetResult(await StreamEndTests.EndOf(socket));
        });
        await using var relays = Start(server.Port);
        var client = await relays.ConnectAsync();
        _ = await client.ReceiveAsync(new byte[1]);
        client.LingerState = new LingerOption(enable: true, 0);
        client.Dispose();
        (await seen.Task.WaitAsync(Wait.Limit)).ShouldBe(SocketError.ConnectionReset);
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task A_client_that_resets_while_the_server_does_not_read_ends_the_connection()
    {
        var end = new TaskCompletionSource();
        await using var server = new TargetServer(_ => end.Task);
        await using var relays = Start(server.Port);
        var client = await relays.ConnectAsync();
        client.Blocking = false;
        await Wait.UntilAsync(() => IsFull(client), "nothing more can be sent");
        client.LingerState = new LingerOption(enable: true, 0);
        client.Dispose();
        await NothingIsLeftAsync(relays);
        end.SetResult();
    }

    [Fact]
    public async Task A_server_that_speaks_first_is_heard_each_time()
    {
        await using var server = new TargetServer(socket => TargetServer.SendAllAsync(socket, "220 ready"u8.ToArray()));
        await using var relays = Start(server.Port);
        for (var i = 0; i < 200; i++)
        {
            using var client = await relays.ConnectAsync();
            Encoding.ASCII.GetString(await TargetServer.ReadAllAsync(client)).ShouldBe("220 ready");
        }
    }

    [Fact]
    public async Task A_closed_port_is_an_error_at_once()
    {
        await using var relays = Start(TestPorts.Next(), hold: 60);
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task A_slow_reader_costs_no_more_than_one_read()
    {
        await using var server = new TargetServer(async socket =>
        {
            while (true)
            {
                _ = await socket.SendAsync(new byte[256 * 1024]);
            }
        });
        await using var relays = Start(server.Port);
        var stalled = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            stalled.Add(await relays.ConnectAsync());
        }

        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).BufferedBytes > 0, "bytes wait");
        await Eventually.Never(() => relays.One.SnapshotAsync(1).GetAwaiter().GetResult().BufferedBytes > stalled.Count * 80 * 1024, "more than one read waits", forSeconds: 0.5);
        stalled.ForEach(s => s.Dispose());
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).BufferedBytes == 0, "the memory is free again");
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task Connections_are_spread_evenly_over_the_instances_and_counted_exactly()
    {
        await using var server = TargetServer.Echo(System.Net.IPAddress.Any);
        await using var relays = Start(server.Port, instances: [First, Second]);
        var clients = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await relays.ConnectAsync());
            await TrunkLossTests.RoundTrip(clients[^1]);
        }

        Open(relays).ShouldBe([10, 10]);
        foreach (var (client, i) in clients.Select((c, i) => (c, i)))
        {
            client.LingerState = new LingerOption(enable: i % 2 == 0, 0);
            client.Dispose();
        }

        await Wait.UntilAsync(() => Open(relays).Sum() == 0, "each end is counted");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var client = await relays.ConnectAsync();
            await TrunkLossTests.RoundTrip(client);
        }));
        await Wait.UntilAsync(() => Open(relays).Sum() == 0, "each end is counted");
        await NothingIsLeftAsync(relays);
    }

    [Fact]
    public async Task An_open_connection_goes_on_in_every_role_and_ends_when_the_container_has_lost_its_place()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
        foreach (var role in Enum.GetValues<PlacementRole>())
        {
            relays.RoutesOne.Publish(relays.Routes("one", [TestRelays.Db("one", TestRelays.Loopback, role: role), TestRelays.Db("two", null, generation: 2)]));
            await TrunkLossTests.RoundTrip(client);
        }

        relays.RoutesOne.Publish(relays.Routes("one", [TestRelays.Db("two", null, generation: 2)]));
        (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.ConnectionReset);
        await NothingIsLeftAsync(relays);
    }

    private static TestRelays Start(int port, int hold = 10, params InstanceRouteSource[] instances)
    {
        var relays = TestRelays.Start(port);
        relays.RoutesOne.Publish(relays.Routes("one", [.. (instances is [] ? [First] : instances).Select(i => TestRelays.Db("one", Ipv4Address.Parse(i.Address), i.Ordinal))], dbHold: hold));
        return relays;
    }

    private static IEnumerable<int> Open(TestRelays relays) =>
        relays.RoutesOne.ResolveEntry(TestRelays.AppContainer, TestRelays.DbAddress).Way!.Here.Select(i => i.Connections.Open);

    private static async Task NothingIsLeftAsync(TestRelays relays) =>
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)) is { OpenFlows: 0, BufferedBytes: 0 }, "the connection is forgotten");

    private static bool IsFull(Socket client)
    {
        try
        {
            while (client.Send(new byte[64 * 1024]) > 0)
            {
            }
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.WouldBlock)
        {
            return !client.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite);
        }

        return false;
    }

    private sealed record InstanceRouteSource(string Address, int Ordinal);
}
