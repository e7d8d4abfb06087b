using System.Net.Sockets;
using System.Text;

namespace Warp.TestPeer;

/// <summary>What both ends do with a socket.</summary>
internal static class Wire
{
    /// <summary>Sends text.</summary>
    public static async Task SendAsync(Socket socket, string text)
    {
        ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(text);
        while (rest.Length > 0)
        {
            rest = rest[await socket.SendAsync(rest)..];
        }
    }

    /// <summary>Reads up to a line feed, which is not returned; what there is when the stream ends before.</summary>
    public static async Task<string> ReadLineAsync(Socket socket)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await socket.ReceiveAsync(one) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    /// <summary>Reads until the other end has finished.</summary>
    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[Payload.ChunkSize];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Sends so many bytes of the stream.</summary>
    public static async Task SendPayloadAsync(Socket socket, long size, ulong seed)
    {
        var payload = new Payload(seed);
        var buffer = new byte[Payload.ChunkSize];
        for (long left = size; left > 0;)
        {
            var chunk = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            payload.Fill(chunk.Span);
            left -= chunk.Length;
            while (chunk.Length > 0)
            {
                chunk = chunk[await socket.SendAsync(chunk)..];
            }
        }
    }

    /// <summary>Receives so many bytes and compares them with the stream.</summary>
    /// <returns>"ok", or where it differs or ends.</returns>
    public static async Task<string> ReceivePayloadAsync(Socket socket, long size, ulong seed)
    {
        var payload = new Payload(seed);
        var buffer = new byte[Payload.ChunkSize];
        for (long done = 0; done < size;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(size - done, buffer.Length)));
            if (count == 0)
            {
                return $"ended after {done} of {size} bytes";
            }

            if (!payload.Matches(buffer.AsSpan(0, count)))
            {
                return $"differs between byte {done} and {done + count}";
            }

            done += count;
        }

        return "ok";
    }
}
