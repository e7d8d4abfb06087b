using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Warp.Bench.Relay;

namespace Warp.Bench.Micro;

/// <summary>
/// The relay's hot spots one by one, by BenchmarkDotNet: time and allocated bytes of each operation. In this process, so that nothing is restored or built for a run.
/// </summary>
internal static class MicroCommand
{
    private const string Help = "warp-bench micro [--filter GLOB] [--quick]   such as --filter '*Tls*'; --quick only shows that all of them work";

    internal static int Run(string[] arguments)
    {
        if (Arguments.Parse(arguments) is not { } given)
        {
            Console.Error.WriteLine(Help);
            return 2;
        }

        var artifacts = Directory.CreateTempSubdirectory("warp-bench-");
        try
        {
            var config = ManualConfig.CreateEmpty()
                .AddJob((given.Has("quick") ? Quick : Steady).WithToolchain(InProcessEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Statistics, DefaultColumnProviders.Metrics)
                .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(32))
                .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
                .WithArtifactsPath(artifacts.FullName)
                .WithOptions(ConfigOptions.JoinSummary)
                .AddLogger(ConsoleLogger.Default);
            if (given.Has("filter"))
            {
                config.AddFilter(new GlobFilter([given.Required("filter")]));
            }

            var summaries = BenchmarkRunner.Run([typeof(Frames), typeof(Windows), typeof(Routes), typeof(Streams), typeof(EdgeCounting), typeof(Tls)], config);
            return summaries.Length > 0 && summaries.All(s => s.Reports.Length > 0 && s.Reports.All(r => r.Success)) ? 0 : 1;
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    // Long enough for the final code of each method, short enough for all of them in a few minutes.
    private static Job Steady => Job.Default.WithWarmupCount(6).WithIterationCount(12).WithIterationTime(TimeInterval.FromMilliseconds(250));

    private static Job Quick => Job.Default.WithWarmupCount(1).WithIterationCount(2).WithIterationTime(TimeInterval.FromMilliseconds(20));
}
