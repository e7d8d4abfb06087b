using System.Buffers;
using System.Text;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Metrics;
using Warp.Node.Relay.Edges;
using Xunit;

namespace Warp.Node.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void A_histogram_adds_its_buckets_up()
    {
        var family = MetricCatalog.Rollouts.Of([new MetricPoint(12.5, "completed") { Histogram = new MetricHistogram([5, 30], [2, 1, 3]) }]);

        Text(family).ShouldBe("""
            # HELP warp_rollout_seconds How long revisions took from their acceptance until all of them served, or failed.
            # TYPE warp_rollout_seconds histogram
            warp_rollout_seconds_bucket{outcome="completed",le="5"} 2
            warp_rollout_seconds_bucket{outcome="completed",le="30"} 3
            warp_rollout_seconds_bucket{outcome="completed",le="+Inf"} 6
            warp_rollout_seconds_sum{outcome="completed"} 12.5
            warp_rollout_seconds_count{outcome="completed"} 6

            """);
    }

    [Fact]
    public void Names_of_services_may_have_any_letters() =>
        Text(MetricCatalog.Restarts.Of([new MetricPoint(1, "shop", "a \"b\" \\ ü")]))
            .ShouldEndWith("warp_container_restarts_total{deployment=\"shop\",service=\"a \\\"b\\\" \\\\ ü\"} 1\n");

    [Fact]
    public void A_metric_without_numbers_is_not_mentioned() => Text(MetricCatalog.Restarts.Of([])).ShouldBeEmpty();

    [Fact]
    public async Task Promtool_has_nothing_to_say_against_any_metric()
    {
        var text = string.Concat(MetricCatalog.All.Select(metric => Text(metric.Of([Sample(metric)]))));

        await PromTool.CheckAsync(text, "check", "metrics");
    }

    [Fact]
    public void A_thousand_edges_are_less_than_two_megabytes()
    {
        var table = new EdgeTable(1000, TimeSpan.FromHours(1), writers: 2);
        for (var i = 0; i < 2000; i++)
        {
            var edge = table.Of(new EdgeName(DeploymentName.Parse($"deployment-number-{i}"), ServiceName.Parse("recommendations"), ServiceName.Parse("recommendations-db"), 5432), i % 2);
            edge.Connected(1_234_567);
            edge.AddSent(int.MaxValue);
            edge.AddReceived(int.MaxValue);
            edge.Failed(EdgeFailure.Refused);
        }

        var edges = table.Read();
        edges.Length.ShouldBe(1001);
        Encoding.UTF8.GetByteCount(string.Concat(EdgeMetrics.From(edges).Select(Text))).ShouldBeInRange(1_000_000, 2_000_000);
    }

    private static string Text(MetricFamily family)
    {
        var body = new ArrayBufferWriter<byte>();
        PrometheusText.Write(body, family);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static MetricPoint Sample(MetricDefinition metric) => new(1, [.. metric.Labels.Select(label => $"a {label}")])
    {
        Histogram = metric.Kind == MetricKind.Histogram ? new MetricHistogram([1], [1, 0]) : null,
    };
}
