using System.Net;
using System.Net.Sockets;

namespace Warp.Node.Tests.Names;

/// <summary>
/// Asks by UDP. It takes answers from any address: on a bridge the kernel answers from the one that was asked, as the way back leads over it, but all loopback addresses share one way.
/// </summary>
internal sealed class NameClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _server;

    public NameClient(IPAddress container, IPEndPoint server)
    {
        _server = server;
        _socket.Bind(new IPEndPoint(container, 0));
    }

    public void Send(byte[] query) => _ = _socket.SendTo(query, _server);

    public async Task<byte[]> AskAsync(byte[] query)
    {
        Send(query);
        var buffer = new byte[65536];
        using var limit = new CancellationTokenSource(s_patience);
        return buffer[..await _socket.ReceiveAsync(buffer, limit.Token)];
    }

    public void Dispose() => _socket.Dispose();
}
