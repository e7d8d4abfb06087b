using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Fuzzing;

/// <summary>
/// Gives a parser changed copies of the files in <c>Fuzzing/Corpus</c> for some seconds. An input with an outcome that was not seen before joins the pool. A run is repeated with
/// the seed that it says; <c>WARP_FUZZ_SECONDS</c> makes it longer, <c>WARP_FUZZ_SEED</c> makes it another one.
/// </summary>
/// <param name="corpus">The folder of the corpus.</param>
/// <param name="words">Pieces that mean something to the parser.</param>
/// <param name="attempt">Gives one input to the parser, throws when it breaks its promise, and else tells the outcome in a few words.</param>
internal sealed class FuzzRun(string corpus, IReadOnlyList<byte[]> words, Func<byte[], string> attempt)
{
    private const int DefaultSeconds = 4;
    private const int DefaultSeed = 2026;
    private const int MaxPool = 4096;

    // What a parser may take for an input of any size: the text of its problems, and what the runtime allocates at the first call.
    private const long AllocationBase = 4 * 1024 * 1024;
    private const long AllocationPerByte = 1024;

    // Executions take microseconds: one that takes so long will not end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly int _seed = Number("WARP_FUZZ_SEED", DefaultSeed);
    private Execution _now = new(0, []);

    /// <summary>Runs it, and writes its figures.</summary>
    public async Task RunAsync(ITestOutputHelper output)
    {
        var work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (Execution? before = null; await Task.WhenAny(work, Task.Delay(Patience)) != work;)
        {
            var now = Volatile.Read(ref _now);
            before = now != before ? now : throw Failure(now, "it does not end", null);
        }

        output.WriteLine(await work);
    }

    private string Work()
    {
        var pool = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", corpus)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var mutator = new Mutator(new Random(_seed), words);
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in pool)
        {
            outcomes.Add(Try(new Execution(0, input)));
        }

        var clock = Stopwatch.StartNew();
        var time = TimeSpan.FromSeconds(Number("WARP_FUZZ_SECONDS", DefaultSeconds));
        while (clock.Elapsed < time)
        {
            var next = new Execution(_now.Number + 1, mutator.Next(pool));
            if (outcomes.Add(Try(next)) && pool.Count < MaxPool)
            {
                pool.Add(next.Input);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{corpus}: {_now.Number} executions, {outcomes.Count} outcomes, seed {_seed}");
    }

    private string Try(Execution execution)
    {
        Volatile.Write(ref _now, execution);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var outcome = attempt(execution.Input);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= AllocationBase + (AllocationPerByte * execution.Input.Length)
                ? outcome
                : throw new InvalidOperationException($"{allocated} bytes were allocated for an input of {execution.Input.Length}");
        }
        catch (Exception failure)
        {
            throw Failure(execution, failure.Message, failure);
        }
    }

    private InvalidOperationException Failure(Execution execution, string problem, Exception? cause) => new(
        $"execution {execution.Number} with seed {_seed}: {problem}; keep the input in Fuzzing/Corpus when it is mended: {Convert.ToBase64String(execution.Input)}", cause);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private sealed record Execution(long Number, byte[] Input);
}
