using System.Buffers;
using System.Net.Sockets;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>How one end of a stream ended.</summary>
internal enum StreamEnd
{
    /// <summary>All bytes came and were right, then the end of stream.</summary>
    Clean,

    /// <summary>An error; what came before it was right.</summary>
    Reset,
}

/// <summary>What must never happen: wrong bytes or too many.</summary>
internal class ContentViolationException(string message) : Exception(message);

/// <summary>What must never happen without an error: an end before the last byte.</summary>
internal sealed class EarlyEndException(string message) : ContentViolationException(message);

/// <summary>Sends content and checks what comes.</summary>
internal static class CheckedSocket
{
    private const int Chunk = 16 * 1024;
    private const int SlowChunk = 2048;
    private const int SlowBuffer = 4096;
    private const int LongestPause = 10;

    /// <summary>
    /// Makes sure that a reset is seen. A kernel that had to drop bytes for want of room does not believe a reset at once but asks, twice a second at most (RFC 5961, 3.2; tcp_invalid_ratelimit):
    /// without a later packet a slow reader could wait for ever.
    /// </summary>
    internal static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
    }

    internal static async Task SendAsync(Socket socket, ulong seed, int length, bool end = true)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (var sent = 0; sent < length; sent += Math.Min(Chunk, length - sent))
            {
                var part = buffer.AsMemory(0, Math.Min(Chunk, length - sent));
                RandomContent.Fill(seed, sent, part.Span);
                await TargetServer.SendAllAsync(socket, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (end)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Reads to the end of stream.</summary>
    internal static async Task ReceiveAsync(Socket socket, ulong seed, int length, bool slowly = false)
    {
        if (slowly)
        {
            socket.ReceiveBufferSize = SlowBuffer;
        }

        var (buffer, scratch) = (ArrayPool<byte>.Shared.Rent(Chunk), ArrayPool<byte>.Shared.Rent(Chunk));
        try
        {
            var received = 0;
            int count;
            while ((count = await socket.ReceiveAsync(buffer.AsMemory(0, slowly ? SlowChunk : Chunk))) > 0)
            {
                if (received + count > length || !RandomContent.Matches(seed, received, buffer.AsSpan(0, count), scratch))
                {
                    throw new ContentViolationException($"wrong bytes among the {count} from {received} on, of {length}");
                }

                received += count;
                if (slowly)
                {
                    await Task.Delay(Random.Shared.Next(LongestPause));
                }
            }

            if (received < length)
            {
                throw new EarlyEndException($"a clean end after {received} bytes of {length}");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Closes with a reset.</summary>
    internal static void Abort(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.Dispose();
    }

    /// <summary>Runs what one end does, to its end.</summary>
    internal static async Task<StreamEnd> EndAsync(Func<Task> work)
    {
        try
        {
            await work();
            return StreamEnd.Clean;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            return StreamEnd.Reset;
        }
    }
}
