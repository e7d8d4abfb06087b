using System.Net.Sockets;
using Shouldly;
using Warp.Node.Relay;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class ManyStreamsTests
{
    private const int Idle = 1500;

    [Fact]
    public async Task Beside_many_idle_connections_new_ones_work_new_routes_are_followed_and_all_are_counted()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        var idle = new List<Socket>();
        try
        {
            while (idle.Count < Idle)
            {
                idle.Add(await relays.ConnectAsync());
                await EchoAsync(idle[^1]);
            }

            (await OpenAsync(relays.One), await OpenAsync(relays.Two)).ShouldBe((Idle, Idle));
            for (var i = 0; i < 10; i++)
            {
                // Routes that say the same end nothing; connections come and go while the open ones are checked against them.
                relays.RoutesOne.Publish(relays.Routes("one"));
                relays.RoutesTwo.Publish(relays.Routes("two"));
                using var client = await relays.ConnectAsync();
                await EchoAsync(client);
            }

            await EchoAsync(idle[Idle / 2]);
            await Wait.UntilAsync(async () => await OpenAsync(relays.One) == Idle && await OpenAsync(relays.Two) == Idle, "the idle ones are left");

            // Without the caller's place every one of them ends.
            relays.RoutesTwo.Publish(relays.Routes("two", appRunner: "three"));
            await Wait.UntilAsync(async () => await OpenAsync(relays.One) == 0 && await OpenAsync(relays.Two) == 0, "all have ended");
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<int> OpenAsync(RelayEngine engine) => (await engine.SnapshotAsync(1)).OpenFlows;

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[1];
        await socket.SendAsync("x"u8.ToArray());
        (await socket.ReceiveAsync(buffer).WaitAsync(Wait.Limit)).ShouldBe(1);
    }
}
