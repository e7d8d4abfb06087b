using Warp.Cluster.Identity;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Entry;

/// <summary>Tells from whom an accepted connection comes and where it wanted to go.</summary>
internal interface IEntrySource
{
    /// <summary>Reads it; false when it cannot be told, or when the connection was made to the listener itself.</summary>
    bool TryRead(int socket, Ipv4Address peer, int peerPort, out EntryCall call);
}

/// <summary>An intercepted connection.</summary>
/// <param name="Caller">The container's address.</param>
/// <param name="CallerPort">The port that it dialled from.</param>
/// <param name="Destination">The IST address that it dialled.</param>
/// <param name="Port">The port that it dialled.</param>
internal readonly record struct EntryCall(Ipv4Address Caller, int CallerPort, Ipv4Address Destination, int Port);

/// <summary>Connections that the kernel redirected: the original destination is asked of connection tracking.</summary>
internal sealed class RedirectedSource : IEntrySource
{
    /// <inheritdoc/>
    public bool TryRead(int socket, Ipv4Address peer, int peerPort, out EntryCall call)
    {
        call = default;
        if (!TcpSocket.TryOriginalDestination(socket, out var destination, out var port) || (destination, port) == TcpSocket.LocalEndpoint(socket))
        {
            return false;
        }

        call = new EntryCall(peer, peerPort, destination, port);
        return true;
    }
}

/// <summary>Connections that count as one given call.</summary>
internal sealed class StaticSource(StaticEntry entry) : IEntrySource
{
    /// <inheritdoc/>
    public bool TryRead(int socket, Ipv4Address peer, int peerPort, out EntryCall call)
    {
        call = new EntryCall(entry.Caller, peerPort, entry.Destination, entry.Port);
        return true;
    }
}
