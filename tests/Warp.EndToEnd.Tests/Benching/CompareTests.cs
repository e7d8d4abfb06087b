using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shouldly;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Benching;

/// <summary>The bench as <c>bench.sh</c> runs it, with the shortest runs that there are.</summary>
public sealed class CompareTests : IDisposable
{
    private const string MarkName = "WARP_COMPARE_TEST";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("warp-compare-test-");

    [Fact]
    public async Task Both_ways_are_measured_and_nothing_stays_behind()
    {
        var file = Path.Combine(_folder.FullName, "result.json");
        using var bench = Start("--quick", "--peers", "plain,warp", "--figures", "rtt,bulk", "--out", file);
        var (said, tables) = (bench.StandardError.ReadToEndAsync(), await bench.StandardOutput.ReadToEndAsync());
        await bench.WaitForExitAsync();

        bench.ExitCode.ShouldBe(0, await said);
        tables.ShouldContain("| plain | - | yes | yes | yes |");
        tables.ShouldContain("| warp | - | yes | yes | no |", customMessage: "data intact, half-close passed on, and nothing to read on the wire");
        tables.ShouldContain("| peer | bulk_up_1 | bulk_down_1 | bulk_up_8 | bulk_down_8 |");
        tables.ShouldContain("| peer | rtt_1 | rtt_16 | rtt_256 | rtt_paced |");
        tables.TrimEnd().ShouldEndWith("None.", customMessage: "no run failed");
        await ShouldBeGoneAsync();

        using var again = Start("--report", file);
        (await again.StandardOutput.ReadToEndAsync()).ShouldBe(tables);
        await again.WaitForExitAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bench_that_is_stopped_or_killed_leaves_no_process_and_so_no_network_behind(bool stopped)
    {
        using var bench = Start("--peers", "plain,warp", "--figures", "rtt_paced");
        while (await bench.StandardError.ReadLineAsync() is { } line && !line.StartsWith("round 1", StringComparison.Ordinal))
        {
            // Peers are started and checked.
        }

        (await MarkedAsync()).Count.ShouldBeGreaterThan(3);
        if (stopped)
        {
            (await Tool.RunAsync(["kill", "-TERM", bench.Id.ToString(CultureInfo.InvariantCulture)])).Ensure();
        }
        else
        {
            bench.Kill();
        }

        await bench.WaitForExitAsync();
        await ShouldBeGoneAsync();
        if (stopped)
        {
            _folder.GetFileSystemInfos().ShouldBeEmpty();
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // What it starts inherits the mark, and its scratch files lie in our folder.
    private Process Start(params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "warp-bench.dll"), "compare", .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { [MarkName] = _mark, ["TMPDIR"] = _folder.FullName },
    })!;

    private Task ShouldBeGoneAsync() => Poll.UntilAsync("every process of the bench has ended", Patience, async () => (await MarkedAsync()).Count == 0);

    private async Task<IReadOnlyList<string>> MarkedAsync()
    {
        var mark = Encoding.ASCII.GetBytes($"{MarkName}={_mark}");
        var found = new List<string>();
        foreach (var process in Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            try
            {
                if ((await File.ReadAllBytesAsync(Path.Combine(process, "environ"))).AsSpan().IndexOf(mark) >= 0)
                {
                    found.Add(process);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while being looked at.
            }
        }

        return found;
    }
}
