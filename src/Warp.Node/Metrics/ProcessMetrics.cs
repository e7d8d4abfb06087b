using System.Diagnostics;
using Warp.Node.Relay.Native;

namespace Warp.Node.Metrics;

/// <summary>What is told of the process itself, by the names that every exporter uses.</summary>
internal static class ProcessMetrics
{
    public static IEnumerable<MetricFamily> Read()
    {
        using var self = Process.GetCurrentProcess();
        yield return MetricCatalog.ProcessCpu.Of(self.TotalProcessorTime.TotalSeconds);
        yield return MetricCatalog.ProcessMemory.Of(self.WorkingSet64);
        yield return MetricCatalog.ProcessFiles.Of(Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        yield return MetricCatalog.ProcessMaxFiles.Of(OpenFiles.Limit());
        yield return MetricCatalog.ProcessStart.Of(new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1e3);
        yield return MetricCatalog.HeapBytes.Of(GC.GetTotalMemory(forceFullCollection: false));
        yield return MetricCatalog.GcPause.Of(GC.GetTotalPauseDuration().TotalSeconds);
    }
}
