using System.Text.Json;
using Warp.Node.Names;

namespace Warp.Node.Metrics;

/// <summary>What is told of the name server.</summary>
internal static class NameMetrics
{
    public static MetricFamily From(NameCounters counters) => MetricCatalog.NameQuestions.Of(
        Enum.GetValues<NameEvent>().Select(kind => new MetricPoint(counters[kind], JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}"))));
}
