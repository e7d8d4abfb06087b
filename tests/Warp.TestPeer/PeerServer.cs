using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Warp.TestPeer;

/// <summary>Listens on any number of ports; a client's first line says how the server shall behave.</summary>
internal sealed class PeerServer
{
    private const string GreetPrefix = "greet:";
    private readonly ConcurrentQueue<string> _begun = [];
    private readonly ConcurrentQueue<string> _ends = [];
    private string _last = "";

    /// <summary>Serves for ever.</summary>
    /// <param name="ports">A port, or <c>greet:PORT</c> for one where the server speaks first.</param>
    public Task RunAsync(IEnumerable<string> ports) => Task.WhenAll(ports.Select(port => port.StartsWith(GreetPrefix, StringComparison.Ordinal)
        ? ListenAsync(port[GreetPrefix.Length..], GreetAsync)
        : ListenAsync(port, ObeyAsync)).ToImmutableArray());

    private static async Task ListenAsync(string port, Func<Socket, Task> serve)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, int.Parse(port, CultureInfo.InvariantCulture)));
        listener.Listen(1024);
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = ServeAsync(socket, serve);
        }
    }

    private static async Task ServeAsync(Socket socket, Func<Socket, Task> serve)
    {
        using (socket)
        {
            try
            {
                await serve(socket);
            }
            catch (SocketException e)
            {
                await Console.Out.WriteLineAsync($"{socket.RemoteEndPoint}: {e.SocketErrorCode}");
            }
        }
    }

    private async Task ObeyAsync(Socket socket)
    {
        var words = (await Wire.ReadLineAsync(socket)).Split(' ');
        switch (words)
        {
            case ["echo"]:
                await EchoAsync(socket);
                break;
            case ["who"]:
                await Wire.SendAsync(socket, $"{(socket.RemoteEndPoint as IPEndPoint)?.Address}");
                break;
            case ["transfer", var size, var seed]:
                await TransferAsync(socket, long.Parse(size, CultureInfo.InvariantCulture), ulong.Parse(seed, CultureInfo.InvariantCulture));
                break;
            case ["half-close"]:
                await Wire.SendAsync(socket, "bye");
                socket.Shutdown(SocketShutdown.Send);
                _last = await Wire.ReadToEndAsync(socket);
                break;
            case ["source" or "sink"]:
                await RunToTheEndAsync(socket, words[0]);
                break;
            case ["begun"]:
                await Wire.SendAsync(socket, string.Join('\n', _begun));
                break;
            case ["ends"]:
                await Wire.SendAsync(socket, string.Join('\n', _ends));
                break;
            case ["late", var seconds]:
                await Wire.ReadToEndAsync(socket);
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
                await Wire.SendAsync(socket, "late");
                break;
            case ["last"]:
                await Wire.SendAsync(socket, _last);
                break;
            case ["reset"]:
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                break;
            default:
                await Wire.SendAsync(socket, "what?");
                break;
        }
    }

    // Sends or receives without end, and remembers which end came all the same.
    private async Task RunToTheEndAsync(Socket socket, string role)
    {
        _begun.Enqueue(role);
        try
        {
            await (role is "source" ? Wire.SendPayloadAsync(socket, long.MaxValue, Payload.EndlessSeed) : Wire.ReceivePayloadAsync(socket, long.MaxValue, Payload.EndlessSeed));
            _ends.Enqueue($"{role}: a clean end");
        }
        catch (SocketException e)
        {
            _ends.Enqueue($"{role}: {e.SocketErrorCode}");
        }
    }

    private static async Task GreetAsync(Socket socket)
    {
        await Wire.SendAsync(socket, "hello\n");
        await EchoAsync(socket);
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[Payload.ChunkSize];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
        {
            for (var sent = 0; sent < count;)
            {
                sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task TransferAsync(Socket socket, long size, ulong seed)
    {
        var sending = Wire.SendPayloadAsync(socket, size, seed + 1);
        var verdict = await Wire.ReceivePayloadAsync(socket, size, seed);
        await sending;
        await Wire.SendAsync(socket, verdict);
    }
}
