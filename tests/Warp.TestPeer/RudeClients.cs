using System.Globalization;
using System.Net.Sockets;

namespace Warp.TestPeer;

/// <summary>Clients that end as badly as a client can, many at once.</summary>
internal static class RudeClients
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>So many connections, each ended in one of five ways; fails when one of them could not even connect.</summary>
    public static async Task<string> RunAsync(string host, string port, string count)
    {
        var total = int.Parse(count, CultureInfo.InvariantCulture);
        for (var begun = 0; begun < total; begun += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(begun, Math.Min(AtOnce, total - begun)).Select(number => EndBadlyAsync(host, port, number)));
        }

        return $"{total} connections";
    }

    private static async Task EndBadlyAsync(string host, string port, int number)
    {
        using var client = await PeerClient.AskAsync(host, port, "echo");
        switch (number % 5)
        {
            case 0:
                // Resets before it has said more.
                break;
            case 1:
                // Resets with an echo on its way.
                await Wire.SendAsync(client, new string('x', 16 * 1024));
                break;
            case 2:
                // Ends its direction and does not wait for the answer.
                await Wire.SendAsync(client, "anybody?");
                client.Shutdown(SocketShutdown.Send);
                break;
            case 3:
                // Leaves bytes unread: its kernel resets by itself.
                await Wire.SendAsync(client, "anybody?");
                await client.ReceiveAsync(new byte[1]).WaitAsync(Patience);
                return;
            default:
                // Closes politely, and never reads what was sent to it meanwhile.
                await Wire.SendAsync(client, "anybody?");
                return;
        }

        client.LingerState = new LingerOption(enable: true, 0);
    }
}
