using System.Text;

namespace Warp.Node.Cli;

/// <summary>Lets bytes of UTF-8 be copied to a text writer as they come, also when a character is split between two writes.</summary>
internal sealed class TextWriterStream(TextWriter writer) : UnseekableStream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public override bool CanWrite => true;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Span<char> chars = stackalloc char[1024];
        while (!buffer.IsEmpty)
        {
            _decoder.Convert(buffer, chars, flush: false, out var bytesUsed, out var charsUsed, out _);
            writer.Write(chars[..charsUsed]);
            buffer = buffer[bytesUsed..];
        }

        writer.Flush();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush() => writer.Flush();
}
