using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Fuzzing;

/// <summary>
/// Gives a parser changed copies of the files in <c>Fuzzing/Corpus</c> for some seconds. An input with an outcome that was not seen before joins the pool. A run is repeated with
/// the seed that it says; <c>WARP_FUZZ_SECONDS</c> makes it longer, <c>WARP_FUZZ_SEED</c> makes it another one.
/// </summary>
internal static class FuzzRun
{
    private const int DefaultSeconds = 4;
    private const int DefaultSeed = 2026;
    private const int MaxPool = 4096;

    // What a parser may take for an input of any size: the text of its problems, and what the runtime allocates at the first call.
    private const long AllocationBase = 4 * 1024 * 1024;
    private const long AllocationPerByte = 1024;

    /// <summary>Runs it.</summary>
    /// <param name="corpus">The folder of the corpus.</param>
    /// <param name="words">Pieces that mean something to the parser.</param>
    /// <param name="attempt">Gives one input to the parser, throws when it breaks its promise, and else tells the outcome in a few words.</param>
    /// <param name="output">Where the figures are written.</param>
    public static void Run(string corpus, IReadOnlyList<byte[]> words, Func<byte[], string> attempt, ITestOutputHelper output)
    {
        var seed = Number("WARP_FUZZ_SEED", DefaultSeed);
        var time = TimeSpan.FromSeconds(Number("WARP_FUZZ_SECONDS", DefaultSeconds));
        var pool = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", corpus)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var mutator = new Mutator(new Random(seed), words);
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in pool)
        {
            outcomes.Add(Try(input, attempt, seed, 0));
        }

        var clock = Stopwatch.StartNew();
        var executions = 0L;
        while (clock.Elapsed < time)
        {
            var input = mutator.Next(pool);
            if (outcomes.Add(Try(input, attempt, seed, ++executions)) && pool.Count < MaxPool)
            {
                pool.Add(input);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{corpus}: {executions} executions, {outcomes.Count} outcomes, seed {seed}"));
    }

    private static string Try(byte[] input, Func<byte[], string> attempt, int seed, long execution)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var outcome = attempt(input);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= AllocationBase + (AllocationPerByte * input.Length)
                ? outcome
                : throw new InvalidOperationException($"{allocated} bytes were allocated for an input of {input.Length}");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"execution {execution} with seed {seed}: {failure.Message}; keep the input in Fuzzing/Corpus when it is mended: {Convert.ToBase64String(input)}", failure);
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
