using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class StreamEndTests
{
    [Fact]
    public async Task A_client_that_has_ended_its_direction_still_gets_the_answer()
    {
        await using var server = new TargetServer(async socket =>
        {
            var question = await TargetServer.ReadAllAsync(socket);
            await TargetServer.SendAllAsync(socket, Encoding.ASCII.GetBytes($"{question.Length} bytes"));
        });
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TargetServer.SendAllAsync(client, new byte[1_000_000]);
        client.Shutdown(SocketShutdown.Send);
        Encoding.ASCII.GetString(await TargetServer.ReadAllAsync(client)).ShouldBe("1000000 bytes");
    }

    [Fact]
    public async Task A_server_that_has_ended_its_direction_still_gets_the_rest()
    {
        var received = new TaskCompletionSource<byte[]>();
        await using var server = new TargetServer(async socket =>
        {
            socket.Shutdown(SocketShutdown.Send);
            received.SetResult(await TargetServer.ReadAllAsync(socket));
        });
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        (await TargetServer.ReadAllAsync(client)).ShouldBeEmpty();
        await TargetServer.SendAllAsync(client, new byte[1_000_000]);
        client.Shutdown(SocketShutdown.Send);
        (await received.Task.WaitAsync(Wait.Limit)).Length.ShouldBe(1_000_000);
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).OpenFlows == 0 && (await relays.Two.SnapshotAsync(1)).OpenFlows == 0, "both ends forget the stream");
    }

    [Fact]
    public async Task A_server_that_resets_is_a_reset_at_the_client()
    {
        await using var server = new TargetServer(async socket =>
        {
            _ = await socket.ReceiveAsync(new byte[1]);
            socket.LingerState = new LingerOption(enable: true, 0);
        });
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await client.SendAsync(new byte[1]);
        (await EndOf(client)).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_client_that_resets_is_a_reset_at_the_server()
    {
        var seen = new TaskCompletionSource<SocketError>();
        await using var server = new TargetServer(async socket =>
        {
            await socket.SendAsync(new byte[1]);
            seen.SetResult(await EndOf(socket));
        });
        await using var relays = TestRelays.Start(server.Port);
        var client = await relays.ConnectAsync();
        _ = await client.ReceiveAsync(new byte[1]);
        client.LingerState = new LingerOption(enable: true, 0);
        client.Dispose();
        (await seen.Task.WaitAsync(Wait.Limit)).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_closed_port_is_an_error_at_once()
    {
        var options = TestRelays.Options with { DialTimeout = Wait.Limit * 2, RouteWait = Wait.Limit * 2 };
        await using var relays = TestRelays.Start(TestPorts.Next(), options);
        (await relays.EndOfRefusedAsync().WaitAsync(Wait.Limit)).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_server_that_writes_to_a_client_that_went_away_gets_an_error()
    {
        var seen = new TaskCompletionSource();
        await using var server = new TargetServer(async socket =>
        {
            try
            {
                while (true)
                {
                    _ = await socket.SendAsync(new byte[64 * 1024]);
                }
            }
            catch (SocketException)
            {
                seen.SetResult();
            }
        });
        await using var relays = TestRelays.Start(server.Port);
        var client = await relays.ConnectAsync();
        _ = await client.ReceiveAsync(new byte[1]);
        client.Dispose();
        await seen.Task.WaitAsync(Wait.Limit);
    }

    [Fact]
    public async Task A_slow_reader_stalls_only_itself_and_costs_no_more_than_its_window()
    {
        await using var server = new TargetServer(async socket =>
        {
            var kind = new byte[1];
            _ = await socket.ReceiveAsync(kind);
            if (kind[0] == 'e')
            {
                _ = await socket.SendAsync(kind);
                return;
            }

            while (true)
            {
                _ = await socket.SendAsync(new byte[64 * 1024]);
            }
        });
        var options = TestRelays.Options with { TrunksPerPeer = 1 };
        await using var relays = TestRelays.Start(server.Port, options);
        var stalled = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            var socket = await relays.ConnectAsync();
            socket.ReceiveBufferSize = 4096;
            await socket.SendAsync("s"u8.ToArray());
            stalled.Add(socket);
        }

        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).BufferedBytes > 0, "bytes wait at the entry");
        for (var i = 0; i < 50; i++)
        {
            using var client = await relays.ConnectAsync();
            await client.SendAsync("e"u8.ToArray());
            (await TargetServer.ReadAllAsync(client).WaitAsync(TimeSpan.FromSeconds(5))).ShouldBe("e"u8.ToArray());
        }

        (await relays.One.SnapshotAsync(1)).BufferedBytes.ShouldBeLessThan(stalled.Count * 4L * 1024 * 1024);
        stalled.ForEach(s => s.Dispose());
        await Wait.UntilAsync(async () => (await relays.One.SnapshotAsync(1)).BufferedBytes == 0, "the memory is free again");
    }

    internal static async Task<SocketError> EndOf(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[4096]).WaitAsync(Wait.Limit) > 0)
            {
            }

            return SocketError.Success;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode;
        }
    }
}
