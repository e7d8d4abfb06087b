using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Streams;

/// <summary>
/// What every socket to a container has. Probes, so that one that vanished without a word does not keep a stream for ever; they come often enough to keep the kernel's
/// translation of a connection that is half closed and silent: connection tracking forgets one after 60 s (nf_conntrack_tcp_timeout_close_wait), and what follows would
/// reach nobody. And a close that is a reset unless the stream has come to its end: when this process dies in the middle, the kernel closes for it, and the application
/// must not take that for the end of the data.
/// </summary>
internal static class ContainerSocket
{
    private const int IdleSeconds = 25;
    private const int IntervalSeconds = 10;
    private const int Probes = 4;

    /// <summary>Sets it; a listener hands it on to the sockets that it accepts.</summary>
    internal static void Prepare(int socket)
    {
        TcpSocket.KeepAlive(socket, IdleSeconds, IntervalSeconds, Probes);
        TcpSocket.ResetOnClose(socket);
    }

    /// <summary>The stream has come to its end: what the socket has still to send is sent after the close too.</summary>
    internal static void Complete(int socket) => TcpSocket.ResetOnClose(socket, isOn: false);
}
