using System.Buffers.Binary;
using Docker.DotNet;

namespace Warp.Node.Docker;

/// <summary>
/// Reads the engine's multiplexed output: a header of 8 bytes (stream, three zeros, length in network byte order) before each piece
/// (Docker Engine API, "Attach to a container", stream format). The library's own reader hides where a piece begins, and the moment stands there.
/// </summary>
internal sealed class LogFrameReader(MultiplexedStream raw)
{
    private const int HeaderBytes = 8;
    private const byte Stderr = 2;

    /// <summary>The engine's pieces are 16 KiB and a little; more than this is no log.</summary>
    private const int MaxFrameBytes = 4 * 1024 * 1024;

    private readonly byte[] _header = new byte[HeaderBytes];
    private byte[] _frame = new byte[32 * 1024];

    /// <summary>The next piece, good until the next call; null at the end of the output.</summary>
    /// <exception cref="IOException">The output broke off, or is not in this format.</exception>
    public async Task<LogFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await FillAsync(_header, HeaderBytes, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
        if (read < HeaderBytes || _header[0] > Stderr || length > MaxFrameBytes)
        {
            throw new IOException("the engine's log stream broke off or is garbled");
        }

        if (length > _frame.Length)
        {
            _frame = new byte[length];
        }

        return await FillAsync(_frame, (int)length, cancellationToken) == length
            ? new LogFrame(_header[0] == Stderr, _frame.AsMemory(0, (int)length))
            : throw new IOException("the engine's log stream broke off within a line");
    }

    private async Task<int> FillAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < count)
        {
            var result = await raw.ReadOutputAsync(buffer, filled, count - filled, cancellationToken).WaitAsync(cancellationToken);
            if (result.EOF)
            {
                break;
            }

            filled += result.Count;
        }

        return filled;
    }
}

/// <summary>One piece of output.</summary>
/// <param name="Error">Whether it is of standard error.</param>
/// <param name="Bytes">The piece; good until the next one is read.</param>
internal readonly record struct LogFrame(bool Error, ReadOnlyMemory<byte> Bytes);
