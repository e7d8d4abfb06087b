using System.Buffers.Binary;

namespace Warp.Node.Names;

/// <summary>Messages on a TCP connection: two bytes of length before each (RFC 1035, 4.2.2).</summary>
internal static class DnsStream
{
    private const int PrefixLength = 2;

    /// <summary>The next message; null when the stream ended before it.</summary>
    /// <exception cref="EndOfStreamException">The stream ended within the message.</exception>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixLength];
        if (await stream.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancellationToken) < PrefixLength)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return message;
    }

    /// <summary>Writes a message with its length, in one piece.</summary>
    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var framed = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed.AsMemory(PrefixLength));
        await stream.WriteAsync(framed, cancellationToken);
    }
}
