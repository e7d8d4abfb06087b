using System.Buffers;
using System.Globalization;
using System.Text;

namespace Warp.Node.Docker;

/// <summary>Cuts the bytes of one stream of a process into lines, whatever pieces they come in.</summary>
/// <param name="source">Which stream.</param>
/// <param name="timestamps">Whether each line begins with a moment and a space.</param>
internal sealed class LogLineSplitter(LogSource source, bool timestamps)
{
    /// <summary>The longest piece, in bytes: a process that never ends its line must not fill the node's memory.</summary>
    public const int MaxBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _rest = new();

    /// <summary>The lines that the bytes complete.</summary>
    public IReadOnlyList<LogLine> Add(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<LogLine>();
        while (!bytes.IsEmpty)
        {
            var room = Math.Min(bytes.Length, MaxBytes - _rest.WrittenCount);
            var end = bytes[..room].IndexOf((byte)'\n');
            _rest.Write(bytes[..(end < 0 ? room : end)]);
            bytes = bytes[(end < 0 ? room : end + 1)..];
            if (end >= 0 || _rest.WrittenCount == MaxBytes)
            {
                lines.Add(Take());
            }
        }

        return lines;
    }

    /// <summary>What is left without an end of line; null when nothing is.</summary>
    public LogLine? Finish() => _rest.WrittenCount == 0 ? null : Take();

    private LogLine Take()
    {
        var text = Encoding.UTF8.GetString(_rest.WrittenSpan);
        _rest.ResetWrittenCount();
        text = text.EndsWith('\r') ? text[..^1] : text;
        var space = timestamps ? text.IndexOf(' ', StringComparison.Ordinal) : -1;
        return space > 0 && DateTimeOffset.TryParse(text.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? new LogLine(source, moment, text[(space + 1)..])
            : new LogLine(source, null, text);
    }
}
