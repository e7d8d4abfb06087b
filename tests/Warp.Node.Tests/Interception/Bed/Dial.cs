using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>What became of a connection.</summary>
internal enum Reached
{
    Answered,
    Refused,
    Silence,
}

/// <summary>What became of a connection, and what the server told of it.</summary>
internal sealed record DialResult(Reached Reached, Greeting? Greeting);

/// <summary>Connections out of a namespace.</summary>
internal static class Dial
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Task<DialResult> TcpAsync(NetworkNamespace from, string address, int port, string? source = null, TimeSpan? patience = null) =>
        TcpAsync(from, new IPEndPoint(IPAddress.Parse(address), port), source, patience);

    public static async Task<DialResult> TcpAsync(NetworkNamespace from, IPEndPoint target, string? source = null, TimeSpan? patience = null)
    {
        using var socket = from.Run(() => new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        try
        {
            if (source is not null)
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            }

            await socket.ConnectAsync(target, deadline.Token);
            var buffer = new byte[1024];
            var length = await socket.ReceiveAsync(buffer, deadline.Token);
            return new DialResult(Reached.Answered, Greeting.Parse(Encoding.ASCII.GetString(buffer, 0, length)));
        }
        catch (OperationCanceledException)
        {
            return new DialResult(Reached.Silence, null);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.HostUnreachable)
        {
            // The caller's own kernel gave up asking for the neighbour's link address: nobody answered.
            return new DialResult(Reached.Silence, null);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return new DialResult(Reached.Refused, null);
        }
    }

    /// <summary>How a connect ends, by itself: what a program is told of it.</summary>
    public static async Task<SocketError> ConnectAsync(NetworkNamespace from, string address, int port)
    {
        using var socket = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address), port).WaitAsync(TimeSpan.FromSeconds(30));
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    public static async Task<Reached> UdpAsync(NetworkNamespace from, string address, int port)
    {
        using var socket = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address), port, deadline.Token);
            await socket.SendAsync(new byte[1], deadline.Token);
            await socket.ReceiveAsync(new byte[1], deadline.Token);
            return Reached.Answered;
        }
        catch (OperationCanceledException)
        {
            return Reached.Silence;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Reached.Refused;
        }
    }
}
