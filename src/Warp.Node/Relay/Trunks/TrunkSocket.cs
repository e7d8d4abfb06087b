using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Trunks;

/// <summary>Options of a trunk's socket.</summary>
internal static class TrunkSocket
{
    private const int KeepAliveSeconds = 10;
    private const int KeepAliveProbes = 3;

    internal static void Configure(int socket, RelayOptions options)
    {
        TcpSocket.KeepAlive(socket, KeepAliveSeconds, KeepAliveSeconds, KeepAliveProbes);
        TcpSocket.UserTimeout(socket, (int)options.TrunkTimeout.TotalMilliseconds);
    }
}
