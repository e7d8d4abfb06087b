using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Node.Relay;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class RelayEngineTests
{
    [Fact]
    public async Task Bytes_come_back_through_both_relays()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await client.SendAsync("hello"u8.ToArray());
        var buffer = new byte[5];
        (await client.ReceiveAsync(buffer).WaitAsync(Wait.Limit)).ShouldBe(5);
        Encoding.ASCII.GetString(buffer).ShouldBe("hello");
    }

    [Fact]
    public async Task A_connection_that_comes_before_the_first_routes_waits_for_them()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        relays.RoutesOne.Publish(RunnerRoutes.Empty(RunnerId.Parse("one")));
        relays.RoutesTwo.Publish(RunnerRoutes.Empty(RunnerId.Parse("two")));
        using var client = await relays.ConnectAsync();
        await client.SendAsync("hello"u8.ToArray());
        var answer = client.ReceiveAsync(new byte[5]);
        await Eventually.Never(() => answer.IsCompleted, "it is refused", forSeconds: 0.2);

        relays.RoutesOne.Publish(relays.Routes("one"));
        relays.RoutesTwo.Publish(relays.Routes("two"));

        (await answer.WaitAsync(Wait.Limit)).ShouldBe(5);
    }

    [Theory]
    [InlineData(TlsLibrary.Automatic)]
    [InlineData(TlsLibrary.Framework)]
    public async Task A_hundred_megabytes_each_way_at_once_arrive_unchanged(TlsLibrary library)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { TlsLibrary = library });
        using var client = await relays.ConnectAsync();
        var sent = RandomNumberGenerator.GetBytes(100_000_000);
        var sending = Task.Run(async () =>
        {
            await TargetServer.SendAllAsync(client, sent);
            client.Shutdown(SocketShutdown.Send);
        });
        var received = await TargetServer.ReadAllAsync(client);
        await sending;
        received.Length.ShouldBe(sent.Length);
        SHA256.HashData(received).ShouldBe(SHA256.HashData(sent));
    }

    [Fact]
    public async Task Five_hundred_connections_at_once_each_get_their_own_answer()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            using var client = await relays.ConnectAsync();
            var message = RandomNumberGenerator.GetBytes(1 + (i * 37));
            var sending = Task.Run(async () =>
            {
                await TargetServer.SendAllAsync(client, message);
                client.Shutdown(SocketShutdown.Send);
            });
            (await TargetServer.ReadAllAsync(client)).ShouldBe(message);
            await sending;
        }));
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(10)).OpenFlows == 0 && (await relays.Two.SnapshotAsync(10)).OpenFlows == 0, "every stream ends at both ends");
    }

    [Fact]
    public async Task A_server_that_speaks_first_is_heard()
    {
        await using var server = new TargetServer(socket => TargetServer.SendAllAsync(socket, "220 ready"u8.ToArray()));
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        Encoding.ASCII.GetString(await TargetServer.ReadAllAsync(client)).ShouldBe("220 ready");
    }
}
