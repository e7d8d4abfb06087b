using System.Globalization;

namespace Warp.Bench.Compare;

/// <summary>What results are read with: the machine and the length of the runs.</summary>
internal static class MachineFacts
{
    internal static MachineResult Of(CompareOptions options) => new(
        DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        Processor(),
        Environment.ProcessorCount,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        options.Rounds,
        options.BulkSeconds,
        options.Seconds);

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";
}
