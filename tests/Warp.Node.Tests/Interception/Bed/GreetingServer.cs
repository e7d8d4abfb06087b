using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>What a server saw of a connection.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Caller">The source address that it saw.</param>
/// <param name="Dialled">The original destination in front of a redirect, "address:port"; "-" when conntrack has none.</param>
internal sealed record Greeting(string Server, string Caller, string Dialled)
{
    public static Greeting? Parse(string text) => text.Split(' ') is [var server, var caller, var dialled] ? new Greeting(server, caller, dialled) : null;

    public override string ToString() => $"{Server} {Caller} {Dialled}";
}

/// <summary>Listens in a namespace and tells each caller how it sees it; then echoes until the caller ends.</summary>
internal sealed class GreetingServer : IDisposable
{
    private readonly Socket _listener;
    private readonly string _name;

    public GreetingServer(NetworkNamespace where, string name, int port, AddressFamily family = AddressFamily.InterNetwork)
    {
        _name = name;
        _listener = where.Run(() => new Socket(family, SocketType.Stream, ProtocolType.Tcp));
        _listener.Bind(new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, port));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed: the end of the server.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var _ = connection;
        try
        {
            var greeting = new Greeting(_name, ((IPEndPoint)connection.RemoteEndPoint!).Address.ToString(), Dialled(connection));
            await connection.SendAsync(Encoding.ASCII.GetBytes(greeting.ToString()));
            var buffer = new byte[1024];
            for (var length = 1; length > 0;)
            {
                length = await connection.ReceiveAsync(buffer);
                await connection.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (SocketException)
        {
            // The caller ended with a reset.
        }
    }

    private static string Dialled(Socket connection)
    {
        const int originalDestination = 80;
        Span<byte> address = stackalloc byte[16];
        try
        {
            connection.GetRawSocketOption(0, originalDestination, address);
            return $"{new IPAddress(address[4..8])}:{BinaryPrimitives.ReadUInt16BigEndian(address[2..])}";
        }
        catch (SocketException)
        {
            return "-";
        }
    }
}
