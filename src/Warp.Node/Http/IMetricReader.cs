using System.Collections.Immutable;
using Warp.Node.Metrics;

namespace Warp.Node.Http;

/// <summary>Tells what this node counts.</summary>
public interface IMetricReader
{
    /// <summary>Every metric that has numbers now.</summary>
    Task<ImmutableArray<MetricFamily>> ReadAsync(CancellationToken cancellationToken);
}
