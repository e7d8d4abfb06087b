using System.Buffers;
using System.Globalization;
using System.Text;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>
/// Makes lines of the engine's frames for one stream of a process. A frame is a moment, a space and what was written; the engine cuts a line of more than
/// 16 KiB into several frames, each with a moment, and only the last one ends with the end of line.
/// </summary>
/// <param name="error">Whether it is standard error.</param>
internal sealed class LogLineSplitter(bool error)
{
    /// <summary>The longest piece of a line, in bytes: a process that never ends its line must not fill the node's memory.</summary>
    public const int MaxBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _rest = new();
    private DateTimeOffset _time;

    /// <summary>The lines that the frame completes.</summary>
    public IReadOnlyList<LogLine> Add(ReadOnlySpan<byte> frame)
    {
        var space = frame.IndexOf((byte)' ');
        if (space > 0 && DateTimeOffset.TryParse(Encoding.ASCII.GetString(frame[..space]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            _time = _rest.WrittenCount == 0 ? moment : _time;
            frame = frame[(space + 1)..];
        }

        var lines = new List<LogLine>();
        while (!frame.IsEmpty)
        {
            var room = Math.Min(frame.Length, MaxBytes - _rest.WrittenCount);
            var end = frame[..room].IndexOf((byte)'\n');
            _rest.Write(frame[..(end < 0 ? room : end)]);
            frame = frame[(end < 0 ? room : end + 1)..];
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
        return new LogLine(_time, error, text.EndsWith('\r') ? text[..^1] : text);
    }
}
