using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Relay.Edges;

namespace Warp.Node.Metrics;

/// <summary>What is told of the traffic between services. Only the runner of the caller tells it, so that sums over all runners count nothing twice.</summary>
internal static class EdgeMetrics
{
    /// <summary>What stands in place of names for everything that has no edge of its own. No edge has it for a port.</summary>
    public const string Other = "other";

    private static readonly ImmutableArray<double> Limits = [.. ConnectTimes.Limits.Select(limit => limit / 1e6)];
    private static readonly ImmutableArray<string> Reasons = [.. Enum.GetNames<EdgeFailure>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static IEnumerable<MetricFamily> From(ImmutableArray<EdgeView> edges)
    {
        var named = edges.Select(edge => (Labels: Labels(edge), edge.Counts)).ToArray();
        yield return MetricCatalog.EdgeConnections.Of(named.Select(edge => new MetricPoint(edge.Counts.Open, edge.Labels)));
        yield return MetricCatalog.EdgeConnect.Of(named.Select(edge =>
            new MetricPoint(edge.Counts.ConnectMicroseconds / 1e6, edge.Labels) { Histogram = new MetricHistogram(Limits, edge.Counts.Connects) }));
        yield return MetricCatalog.EdgeSent.Of(named.Select(edge => new MetricPoint(edge.Counts.BytesSent, edge.Labels)));
        yield return MetricCatalog.EdgeReceived.Of(named.Select(edge => new MetricPoint(edge.Counts.BytesReceived, edge.Labels)));
        yield return MetricCatalog.EdgeFailures.Of(
            from edge in named
            from reason in Enumerable.Range(0, Reasons.Length)
            where edge.Counts.Failures[reason] > 0
            select new MetricPoint(edge.Counts.Failures[reason], edge.Labels.Add(Reasons[reason])));
    }

    private static ImmutableArray<string> Labels(EdgeView edge) => edge.Deployment is { } deployment
        ? [deployment.Value, edge.Caller?.Value ?? "", edge.Target!.Value.Value, edge.Port == EdgeView.OtherPorts ? Other : edge.Port.ToString(CultureInfo.InvariantCulture)]
        : [Other, Other, Other, Other];
}
