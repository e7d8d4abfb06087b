using System.Net.Sockets;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Streams;

/// <summary>Begins the connections of the relay to containers.</summary>
internal static class ContainerDial
{
    /// <summary>Begins one.</summary>
    /// <param name="container">The container's address.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="source">The address to dial from; null for the host's own.</param>
    /// <param name="socket">The caller's to dispose, also after a fault; null when none could be made.</param>
    /// <returns><see cref="SocketFault.None"/> when connected at once, <see cref="SocketFault.InProgress"/> when it goes on.</returns>
    internal static SocketFault Begin(Ipv4Address container, int port, Ipv4Address? source, out Descriptor? socket)
    {
        socket = TcpSocket.Open(AddressFamily.InterNetwork, out var fault);
        if (socket is not null && source is { } from)
        {
            fault = TcpSocket.BindSource(socket.Number, from);
        }

        if (fault != SocketFault.None)
        {
            return fault;
        }

        ContainerSocket.Prepare(socket!.Number);
        fault = TcpSocket.Connect(socket.Number, container, port);

        // A container of this host has mostly answered before the call is back. Asking again tells, and saves the wait for an event.
        return fault == SocketFault.InProgress ? TcpSocket.Connect(socket.Number, container, port) : fault;
    }
}
