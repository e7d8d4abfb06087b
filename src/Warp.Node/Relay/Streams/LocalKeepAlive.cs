using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Streams;

/// <summary>Probes on sockets to containers, so that one that vanished without a word does not keep a stream for ever.</summary>
internal static class LocalKeepAlive
{
    private const int IdleSeconds = 60;
    private const int IntervalSeconds = 20;
    private const int Probes = 3;

    internal static void Set(int socket) => TcpSocket.KeepAlive(socket, IdleSeconds, IntervalSeconds, Probes);
}
