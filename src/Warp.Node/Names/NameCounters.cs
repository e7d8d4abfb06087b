using Microsoft.Extensions.Logging;

namespace Warp.Node.Names;

/// <summary>What came of a question.</summary>
internal enum NameEvent
{
    /// <summary>It was answered from the routes.</summary>
    AnsweredHere,

    /// <summary>It was answered after a wait, mostly by a name server of the host.</summary>
    AnsweredElsewhere,

    /// <summary>Nobody who was asked gave an answer.</summary>
    Unanswered,

    /// <summary>It was no question, and was dropped.</summary>
    Malformed,

    /// <summary>Too many questions or connections of the container, of its bridge or of all were underway.</summary>
    TooMany,
}

/// <summary>Counts what came of questions; of what a container should not do, at most one line a second for each kind is logged. Any thread.</summary>
internal sealed class NameCounters(ILogger log)
{
    private const int LogInterval = 1000;
    private static readonly int s_kinds = Enum.GetValues<NameEvent>().Length;
    private readonly long[] _counts = new long[s_kinds];
    private readonly long[] _nextLog = new long[s_kinds];

    /// <summary>How often it happened since the start.</summary>
    public long this[NameEvent kind] => Volatile.Read(ref _counts[(int)kind]);

    /// <summary>It happened once more.</summary>
    public void Count(NameEvent kind, Asker asker)
    {
        var count = Interlocked.Increment(ref _counts[(int)kind]);
        if (kind is NameEvent.AnsweredHere or NameEvent.AnsweredElsewhere)
        {
            return;
        }

        var (now, due) = (Environment.TickCount64, Volatile.Read(ref _nextLog[(int)kind]));
        if (now >= due && Interlocked.CompareExchange(ref _nextLog[(int)kind], now + LogInterval, due) == due)
        {
            Say(kind, asker, count);
        }
    }

    private void Say(NameEvent kind, Asker asker, long count)
    {
        switch (kind)
        {
            case NameEvent.Malformed:
                NamesLog.Malformed(log, asker.Container, asker.Gateway, count);
                break;
            case NameEvent.Unanswered:
                NamesLog.Unanswered(log, asker.Container, asker.Gateway, count);
                break;
            default:
                NamesLog.OverLimit(log, asker.Container, asker.Gateway, count);
                break;
        }
    }
}
