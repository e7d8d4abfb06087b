using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Tunnels;

namespace Warp.Node.Metrics;

/// <summary>What is told of the links to other runners.</summary>
internal static class TunnelMetrics
{
    public static IEnumerable<MetricFamily> From(ImmutableArray<(RunnerId Peer, LinkCounters Counters)> links)
    {
        yield return Family(MetricCatalog.TunnelTrunks, static link => link.Trunks);
        yield return Family(MetricCatalog.TunnelStreams, static link => link.Streams);
        yield return Family(MetricCatalog.TunnelSent, static link => link.BytesSent);
        yield return Family(MetricCatalog.TunnelReceived, static link => link.BytesReceived);

        MetricFamily Family(MetricDefinition metric, Func<LinkCounters, long> number) =>
            metric.Of(links.Select(link => new MetricPoint(number(link.Counters), link.Peer.Value)));
    }
}
