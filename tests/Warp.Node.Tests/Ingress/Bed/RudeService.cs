using System.Net;
using System.Net.Sockets;

namespace Warp.Node.Tests.Ingress.Bed;

/// <summary>A server that resets the connection of its first requests, and answers the others.</summary>
internal sealed class RudeService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _resets;
    private int _requests;

    public RudeService(int resets)
    {
        _resets = resets;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync();
                await socket.ReceiveAsync(new byte[16 * 1024]);
                if (Interlocked.Increment(ref _requests) > _resets)
                {
                    await socket.SendAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray());
                }
                else
                {
                    // Without lingering, close resets (socket(7), SO_LINGER).
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
