using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Auditing;

/// <summary>Tells a refused attempt that was not heard of for a minute from one that is like it.</summary>
/// <param name="time">The clock.</param>
internal sealed class RefusalRepeats(TimeProvider time)
{
    private const int MaxKinds = 1000;
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);
    private readonly Dictionary<(string? Who, string From, string What, string? Error), (DateTimeOffset Written, int Unwritten)> _kinds = [];
    private readonly Lock _turn = new();

    /// <summary>Whether it is to be written.</summary>
    /// <param name="entry">The attempt.</param>
    /// <param name="unwritten">How many like it were not, since the last that was.</param>
    public bool IsNews(AuditEntryDocument entry, out int unwritten)
    {
        var kind = (entry.Who, entry.From, entry.What, entry.Error);
        var now = time.GetUtcNow();
        lock (_turn)
        {
            var known = _kinds.GetValueOrDefault(kind);
            if (now - known.Written < Span)
            {
                _kinds[kind] = known with { Unwritten = known.Unwritten + 1 };
                unwritten = 0;
                return false;
            }

            // Who has so many kinds makes room for new ones by writing them all again.
            if (_kinds.Count >= MaxKinds)
            {
                _kinds.Clear();
            }

            _kinds[kind] = (now, 0);
            unwritten = known.Unwritten;
            return true;
        }
    }
}
