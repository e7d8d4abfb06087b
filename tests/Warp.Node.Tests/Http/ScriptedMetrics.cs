using System.Collections.Immutable;
using Warp.Node.Http;
using Warp.Node.Metrics;

namespace Warp.Node.Tests.Http;

/// <summary>A node that has counted what the test says.</summary>
internal sealed class ScriptedMetrics : IMetricReader
{
    public ImmutableArray<MetricFamily> Families { get; set; } = [MetricCatalog.Unreachable.Of(1)];

    public Task<ImmutableArray<MetricFamily>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Families);
}
