using System.Net.Sockets;

namespace Warp.Lab.Nodes;

/// <summary>The management API over the administrator's Unix socket.</summary>
public static class AdminApi
{
    /// <summary>A client whose every request goes to the socket.</summary>
    /// <param name="socket">The socket's path as this process sees it.</param>
    public static HttpClient Over(string socket)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://warp/"), Timeout = TimeSpan.FromSeconds(30) };
    }
}
