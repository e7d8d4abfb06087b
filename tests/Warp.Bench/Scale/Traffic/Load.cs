using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Warp.Bench.Scale.Traffic;

/// <summary>One caller that does one thing after the other, on its own thread.</summary>
internal static class Load
{
    private const int MessageBytes = 64;

    /// <summary>Connects, sends a message, waits for its echo and closes, again and again.</summary>
    /// <returns>Connections per second.</returns>
    internal static double ConnectsPerSecond(IPEndPoint endpoint, int count)
    {
        Span<byte> message = stackalloc byte[MessageBytes];
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            using var socket = Connect(endpoint);
            Echo(socket, message);
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Sends a message and waits for its echo, over one connection.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="goesOn">Whether one more is wanted, after so many.</param>
    /// <returns>How long each took, in microseconds, shortest first.</returns>
    internal static double[] RoundTrips(IPEndPoint endpoint, Func<int, bool> goesOn)
    {
        Span<byte> message = stackalloc byte[MessageBytes];
        using var socket = Connect(endpoint);
        Echo(socket, message);
        var times = new List<double>();
        while (goesOn(times.Count))
        {
            var start = Stopwatch.GetTimestamp();
            Echo(socket, message);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        times.Sort();
        return [.. times];
    }

    internal static Socket Connect(IPEndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(endpoint);
        return socket;
    }

    internal static void Echo(Socket socket, Span<byte> message)
    {
        socket.Send(message);
        for (var got = 0; got < message.Length;)
        {
            var count = socket.Receive(message[got..]);
            got += count > 0 ? count : throw new InvalidOperationException("the connection has ended");
        }
    }
}
