using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Warp.Bench.Ingress;

/// <summary>One run of <c>wrk</c>: HTTP/1.1 over TLS with keep-alive.</summary>
internal static partial class Load
{
    /// <summary>Loads a port of loopback.</summary>
    /// <exception cref="InvalidOperationException">wrk failed, or an answer was no success.</exception>
    public static async Task<LoadResult> RunAsync(int port, string host, int seconds, int connections)
    {
        var info = new ProcessStartInfo("wrk", ["--latency", "-t", "2", "-c", Text(connections), "-d", $"{seconds}s", "-H", $"Host: {host}", $"https://127.0.0.1:{port}/"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(info)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk says:\n{output}");
        }

        var p99 = P99().Match(output);
        return new LoadResult(Number(PerSecond().Match(output).Groups["number"].Value), Number(p99.Groups["number"].Value) * Milliseconds(p99.Groups["unit"].Value));
    }

    private static double Milliseconds(string unit) => unit switch
    {
        "us" => 0.001,
        "ms" => 1,
        _ => 1000,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex P99();
}

/// <summary>What a run measured.</summary>
/// <param name="PerSecond">Requests answered each second.</param>
/// <param name="P99">So many milliseconds took all but the slowest hundredth.</param>
internal sealed record LoadResult(double PerSecond, double P99)
{
    /// <summary>The run in the middle by requests.</summary>
    public static LoadResult Median(IReadOnlyList<LoadResult> runs) => runs.OrderBy(run => run.PerSecond).ElementAt(runs.Count / 2);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:0} requests/s, p99 {P99:0.00} ms");
}
