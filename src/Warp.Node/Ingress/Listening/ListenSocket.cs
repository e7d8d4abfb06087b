using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Warp.Node.Ingress.Listening;

/// <summary>Opens a listener whose connections notice a client that is gone without a word: nothing else ends a stream that is silent for hours.</summary>
internal static class ListenSocket
{
    private const int IdleSeconds = 60;
    private const int ProbeSeconds = 15;
    private const int Probes = 4;

    /// <summary>For <see cref="SocketTransportOptions.CreateBoundListenSocket"/>; accepted connections inherit the options (socket(7)).</summary>
    public static Socket Open(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        return socket;
    }
}
