using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>A UDP port in a namespace: what is let through arrives, and nobody has to answer.</summary>
internal sealed class Datagrams : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket;

    public Datagrams(NetworkNamespace where, string address, int port)
    {
        var local = new IPEndPoint(IPAddress.Parse(address), port);
        _socket = where.Run(() => new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        _socket.Bind(local);
    }

    public Task SendAsync(string address, int port, string text) =>
        _socket.SendToAsync(Encoding.ASCII.GetBytes(text), new IPEndPoint(IPAddress.Parse(address), port));

    public async Task<string> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, deadline.Token));
    }

    public void Dispose() => _socket.Dispose();
}
