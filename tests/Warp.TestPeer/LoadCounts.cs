using System.Collections.Immutable;
using System.Text.Json;

namespace Warp.TestPeer;

/// <summary>
/// What a constant load has seen; printed as one line of JSON every half second. It begins to count with its first good answer: what failed before that, while the service that it asks was
/// only just being deployed, is forgotten then.
/// </summary>
/// <param name="Asked">Requests that ended, well or not.</param>
/// <param name="Failed">Those without the answer 200.</param>
/// <param name="FirstFailure">What the first of them saw; null while there is none.</param>
/// <param name="Answers">How many answers had which text.</param>
/// <param name="SlowestMilliseconds">The longest that one request took.</param>
public sealed record LoadCounts(long Asked, long Failed, string? FirstFailure, ImmutableSortedDictionary<string, long> Answers, long SlowestMilliseconds)
{
    /// <summary>Before the first request.</summary>
    public static LoadCounts None { get; } = new(0, 0, null, ImmutableSortedDictionary<string, long>.Empty, 0);

    /// <summary>Reads the last whole line of a load's output; <see cref="None"/> before the first.</summary>
    public static LoadCounts Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var line = output.Split('\n').LastOrDefault(line => line is ['{', .., '}']);
        return line is null ? None : JsonSerializer.Deserialize<LoadCounts>(line)!;
    }

    /// <summary>The line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>One more answer.</summary>
    public LoadCounts With(string answer, long milliseconds)
    {
        var counted = Answers.IsEmpty ? None : this;
        return counted with
        {
            Asked = counted.Asked + 1,
            Answers = Answers.SetItem(answer, Answers.GetValueOrDefault(answer) + 1),
            SlowestMilliseconds = Math.Max(counted.SlowestMilliseconds, milliseconds),
        };
    }

    /// <summary>One more failure.</summary>
    public LoadCounts WithFailure(string failure, long milliseconds) => this with
    {
        Asked = Asked + 1,
        Failed = Failed + 1,
        FirstFailure = FirstFailure ?? failure,
        SlowestMilliseconds = Math.Max(SlowestMilliseconds, milliseconds),
    };
}
