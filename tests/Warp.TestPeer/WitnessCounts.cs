using System.Collections.Immutable;
using System.Text.Json;

namespace Warp.TestPeer;

/// <summary>What a witness has seen since it began; printed as one line of JSON every half second.</summary>
/// <param name="At">When that was.</param>
/// <param name="Open">Connections that are held open now.</param>
/// <param name="Lost">Those that were open and broke.</param>
/// <param name="FirstLoss">What the first of them saw; null while there is none.</param>
/// <param name="Connected">New connections that worked.</param>
/// <param name="Failed">New connections that did not.</param>
/// <param name="Outages">The times in which no new connection worked.</param>
public sealed record WitnessCounts(DateTimeOffset At, int Open, int Lost, string? FirstLoss, long Connected, long Failed, ImmutableArray<WitnessOutage> Outages)
{
    /// <summary>Before the first connection.</summary>
    public static WitnessCounts None { get; } = new(DateTimeOffset.UnixEpoch, 0, 0, null, 0, 0, []);

    /// <summary>Reads the last whole line of a witness's output; <see cref="None"/> before the first.</summary>
    public static WitnessCounts Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var line = output.Split('\n').LastOrDefault(line => line is ['{', .., '}']);
        return line is null ? None : JsonSerializer.Deserialize<WitnessCounts>(line)!;
    }

    /// <summary>The line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>The longest time without a new connection that ended after the given moment.</summary>
    public TimeSpan LongestOutageSince(DateTimeOffset moment) =>
        TimeSpan.FromMilliseconds(Outages.Where(outage => outage.End > moment).Select(outage => outage.Milliseconds).DefaultIfEmpty().Max());
}

/// <summary>A time in which no new connection worked.</summary>
/// <param name="End">When one worked again.</param>
/// <param name="Milliseconds">How long it was.</param>
public sealed record WitnessOutage(DateTimeOffset End, long Milliseconds);
