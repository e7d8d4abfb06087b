using System.Runtime.CompilerServices;
using Shouldly;
using Warp.Node.Metrics;
using Xunit;

namespace Warp.Node.Tests.Metrics;

/// <summary>docs/operations.md and the catalog say the same.</summary>
public sealed class DocumentedMetricsTests
{
    [Fact]
    public void Every_metric_is_documented_with_its_kind_its_labels_and_its_meaning() =>
        File.ReadAllLines(InRepository("docs/operations.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ShouldBe(MetricCatalog.All.Select(metric =>
                $"| `{metric.Name}` | {$"{metric.Kind}".ToLowerInvariant()} | {string.Join(", ", metric.Labels.Select(label => $"`{label}`"))} | {metric.Help} |"));

    internal static string InRepository(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../..", path);
}
