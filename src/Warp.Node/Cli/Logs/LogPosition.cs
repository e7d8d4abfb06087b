using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Logs;

/// <summary>
/// How far the output of a service was read. The engine gives lines from a time on, that time included: lines of the last time that were read before are told apart by their number.
/// </summary>
internal sealed class LogPosition
{
    private int _readAtTime;
    private int _skip;

    /// <summary>The generation whose output is read; null before the first.</summary>
    public long? Generation { get; private set; }

    /// <summary>The time of the last line that was read of it; null before the first.</summary>
    public DateTimeOffset? Time { get; private set; }

    /// <summary>The output was opened, from <see cref="Time"/> on.</summary>
    /// <returns>Whether it is that of a successor.</returns>
    public bool Opened(long generation)
    {
        var successor = Generation is { } before && before != generation;
        if (successor)
        {
            (Time, _readAtTime) = (null, 0);
        }

        (Generation, _skip) = (generation, _readAtTime);
        return successor;
    }

    /// <summary>A line came. Those of the two streams may be a little out of order.</summary>
    /// <returns>Whether it was not read before.</returns>
    public bool IsNew(LogLineDocument line)
    {
        if (line.Time < Time)
        {
            return true;
        }

        if (line.Time == Time && _skip > 0)
        {
            _skip--;
            return false;
        }

        _readAtTime = line.Time == Time ? _readAtTime + 1 : 1;
        (Time, _skip) = (line.Time, 0);
        return true;
    }
}
