using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warp.Node.Tests.Relay;

/// <summary>A server whose every connection is handled by one function, and closed after it.</summary>
internal sealed class TargetServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    internal TargetServer(Func<Socket, Task> handle, IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start(1024);
        _accepting = AcceptAsync(handle);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Sends back what it gets, then ends its direction.</summary>
    internal static TargetServer Echo(IPAddress? address = null, int port = 0) => new(Echo, address, port);

    /// <summary>Answers each HTTP/1.1 request without a body.</summary>
    internal static TargetServer Http() => new(async socket =>
    {
        var buffer = new byte[8192];
        var request = "";
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            request += Encoding.ASCII.GetString(buffer, 0, count);
            if (request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                request = "";
                await SendAllAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray());
            }
        }
    });

    private static async Task Echo(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            await SendAllAsync(socket, buffer.AsMemory(0, count));
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    internal static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    internal static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer).WaitAsync(Wait.Limit)) > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<Socket, Task> handle)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                _ = HandleAsync(handle, socket);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static async Task HandleAsync(Func<Socket, Task> handle, Socket socket)
    {
        using (socket)
        {
            try
            {
                await handle(socket);
            }
            catch (SocketException)
            {
                // The client broke off; the tests look at the client's end.
            }
        }
    }
}
