using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Warp.Node.Metrics;
using Xunit;

namespace Warp.Node.Tests.Metrics;

/// <summary>The alert rules and the dashboard that are shipped: Prometheus' own tool takes every expression, and they name no metric that is not there.</summary>
public sealed partial class MonitoringFilesTests
{
    private static readonly string Alerts = DocumentedMetricsTests.InRepository("deploy/prometheus/warp-alerts.yml");

    [Fact]
    public Task Promtool_accepts_the_alert_rules() => PromTool.CheckAsync(null, "check", "rules", Alerts);

    [Fact]
    public Task Each_alert_fires_on_what_it_is_for_and_on_nothing_else() =>
        PromTool.CheckAsync(null, "test", "rules", DocumentedMetricsTests.InRepository("deploy/prometheus/warp-alerts.test.yml"));

    [Fact]
    public async Task Each_alert_has_a_test()
    {
        var test = await File.ReadAllTextAsync(DocumentedMetricsTests.InRepository("deploy/prometheus/warp-alerts.test.yml"));

        AlertName().Matches(await File.ReadAllTextAsync(Alerts)).Select(alert => alert.Groups["name"].Value)
            .Where(alert => !test.Contains(alert, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Alerts_and_panels_name_only_metrics_that_there_are()
    {
        var known = MetricCatalog.All.SelectMany(Series).ToHashSet(StringComparer.Ordinal);

        foreach (var text in Expressions().Append(await File.ReadAllTextAsync(Alerts)))
        {
            MetricName().Matches(text).Select(match => match.Value).Where(name => !known.Contains(name)).ShouldBeEmpty(text);
        }
    }

    [Fact]
    public async Task Promtool_takes_every_query_of_the_dashboard()
    {
        // As recording rules, which it parses in full; Grafana puts the interval in place of its variable.
        var rules = Expressions().Select((query, i) => $"""
                - record: panel:query:{i}
                  expr: {JsonSerializer.Serialize(query.Replace("$__rate_interval", "5m", StringComparison.Ordinal))}
            """).ToArray();
        rules.Length.ShouldBeGreaterThan(15);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["panels.yml"], $"groups:\n- name: panels\n  rules:\n{string.Join('\n', rules)}\n");

        await PromTool.CheckAsync(null, "check", "rules", folder["panels.yml"]);
    }

    private static IEnumerable<string> Series(MetricDefinition metric) => metric.Kind == MetricKind.Histogram
        ? [$"{metric.Name}_bucket", $"{metric.Name}_sum", $"{metric.Name}_count"]
        : [metric.Name];

    private static string[] Expressions()
    {
        var dashboard = JsonElement.Parse(File.ReadAllText(DocumentedMetricsTests.InRepository("deploy/grafana/warp.json")));
        return
        [
            .. from panel in dashboard.GetProperty("panels").EnumerateArray()
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString(),
        ];
    }

    [GeneratedRegex(@"\b(warp|process|dotnet)_\w+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AlertName();
}
