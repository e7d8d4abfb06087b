using System.Text.Json;

namespace Warp.Bench.Compare;

/// <summary>What a run of the bench found; as JSON it is what <c>--out</c> writes and <c>--report</c> reads.</summary>
/// <param name="Machine">Where and how it ran.</param>
/// <param name="Peers">Who took part, or why not.</param>
/// <param name="Runs">Every measurement.</param>
internal sealed record CompareResult(MachineResult Machine, IReadOnlyList<PeerResult> Peers, IReadOnlyList<RunResult> Runs)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    internal static async Task<CompareResult> ReadAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<CompareResult>(stream, Format) ?? throw new BenchException($"{file} holds no results");
    }

    internal async Task WriteAsync(string file)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, this, Format);
    }
}

/// <summary>Where and how a bench ran.</summary>
/// <param name="Date">When, UTC.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">How many cores all of it shared.</param>
/// <param name="Kernel">The kernel's version.</param>
/// <param name="Rounds">How often each figure was measured.</param>
/// <param name="BulkSeconds">How long a bulk run took.</param>
/// <param name="Seconds">How long each other run took.</param>
internal sealed record MachineResult(string Date, string Processor, int Cores, string Kernel, int Rounds, double BulkSeconds, double Seconds);

/// <summary>A peer that was asked for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Note">What it is.</param>
/// <param name="IsEncrypted">Whether it claims to hide what it carries.</param>
/// <param name="Version">What it says of itself.</param>
/// <param name="Check">What it was seen to do; null when it did not get so far.</param>
/// <param name="NotMeasured">Why it was not measured; null when it was.</param>
internal sealed record PeerResult(string Name, string Note, bool IsEncrypted, string? Version, CheckResult? Check, string? NotMeasured);

/// <summary>What was checked of a peer.</summary>
/// <param name="IsIntact">Random data came through unchanged both ways.</param>
/// <param name="PassesHalfClose">One end of the stream is passed on while the other direction goes on.</param>
/// <param name="IsSeenOnTheWire">A text that it carried was read between the hosts.</param>
internal sealed record CheckResult(bool IsIntact, bool PassesHalfClose, bool IsSeenOnTheWire);

/// <summary>One measurement.</summary>
/// <param name="Peer">On whom.</param>
/// <param name="Figure">Which figure.</param>
/// <param name="Round">In which round; ratios are taken within one.</param>
/// <param name="Failure">Why there is no result; null when there is one.</param>
/// <param name="Metrics">The numbers.</param>
internal sealed record RunResult(string Peer, string Figure, int Round, string? Failure, Dictionary<string, double> Metrics);
