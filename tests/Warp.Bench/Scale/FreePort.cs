using System.Net;
using System.Net.Sockets;

namespace Warp.Bench.Scale;

/// <summary>Finds ports that nobody uses.</summary>
internal static class FreePort
{
    /// <summary>A port below those that the kernel gives to outgoing connections.</summary>
    internal static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
