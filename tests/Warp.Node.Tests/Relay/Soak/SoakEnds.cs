using System.Net.Sockets;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>What client and server do on a stream of each kind.</summary>
internal static class SoakEnds
{
    /// <summary>The client's part, after the header.</summary>
    internal static async Task ClientAsync(Socket socket, StreamPlan plan)
    {
        await TargetServer.SendAllAsync(socket, plan.ToBytes());
        switch (plan.Kind)
        {
            case StreamKind.ServerEndsFirst:
                await CheckedSocket.ReceiveAsync(socket, plan.DownSeed, plan.Down);
                await CheckedSocket.SendAsync(socket, plan.Seed, plan.Up);
                break;
            case StreamKind.ClientAborts:
                // The first byte shows that the server has the stream.
                await CheckedSocket.SendAsync(socket, plan.Seed, plan.Up / 2, end: false);
                _ = await socket.ReceiveAsync(new byte[1]);
                CheckedSocket.Abort(socket);
                break;
            default:
                await BothAsync(
                    CheckedSocket.SendAsync(socket, plan.Seed, plan.Up),
                    CheckedSocket.ReceiveAsync(socket, plan.DownSeed, plan.Down, slowly: plan.Kind == StreamKind.SlowClient));
                break;
        }
    }

    /// <summary>The server's part, after the header.</summary>
    internal static async Task ServerAsync(Socket socket, StreamPlan plan)
    {
        switch (plan.Kind)
        {
            case StreamKind.AnswerAfterEnd:
                await CheckedSocket.ReceiveAsync(socket, plan.Seed, plan.Up);
                await CheckedSocket.SendAsync(socket, plan.DownSeed, plan.Down);
                break;
            case StreamKind.ServerAborts:
                await CheckedSocket.SendAsync(socket, plan.DownSeed, plan.Down / 2, end: false);
                CheckedSocket.Abort(socket);
                break;
            default:
                await BothAsync(
                    CheckedSocket.SendAsync(socket, plan.DownSeed, plan.Down),
                    CheckedSocket.ReceiveAsync(socket, plan.Seed, plan.Up, slowly: plan.Kind == StreamKind.SlowServer));
                break;
        }
    }

    // After a reset the kernel tells one call of the error, and the next one of an end: when sending took the error, an early end is part of it. Wrong bytes never are.
    private static async Task BothAsync(Task sending, Task receiving)
    {
        await Task.WhenAll(sending, receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (receiving.Exception?.InnerException is not EarlyEndException)
        {
            await receiving;
        }

        await sending;
        await receiving;
    }
}
