using System.Buffers;
using System.Globalization;
using System.Text;

namespace Warp.Node.Metrics;

/// <summary>Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes one metric; nothing when it has no numbers.</summary>
    public static void Write(IBufferWriter<byte> body, MetricFamily family)
    {
        if (family.Points.IsEmpty)
        {
            return;
        }

        var definition = family.Definition;
        var text = new StringBuilder();
        text.Append("# HELP ").Append(definition.Name).Append(' ').Append(definition.Help).Append('\n');
        text.Append("# TYPE ").Append(definition.Name).Append(' ').Append(TypeOf(definition.Kind)).Append('\n');
        foreach (var point in family.Points)
        {
            Append(text, definition, point);
            Encoding.UTF8.GetBytes(text.ToString(), body);
            text.Clear();
        }
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static void Append(StringBuilder text, MetricDefinition definition, in MetricPoint point)
    {
        var labels = Labels(definition, point);
        if (point.Histogram is not { } histogram)
        {
            Append(text, definition.Name, "", labels, null, Number(point.Value));
            return;
        }

        var count = 0L;
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            count += histogram.Counts[i];
            Append(text, definition.Name, "_bucket", labels, i < histogram.Limits.Length ? Number(histogram.Limits[i]) : "+Inf", Number(count));
        }

        Append(text, definition.Name, "_sum", labels, null, Number(point.Value));
        Append(text, definition.Name, "_count", labels, null, Number(count));
    }

    private static void Append(StringBuilder text, string name, string suffix, string labels, string? limit, string value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0 || limit is not null)
        {
            text.Append('{').Append(labels).Append(labels.Length > 0 && limit is not null ? "," : "");
            text.Append(limit is null ? "" : $"le=\"{limit}\"").Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(MetricDefinition definition, in MetricPoint point)
    {
        var values = point.Labels;
        return string.Join(',', definition.Labels.Select((label, i) => $"{label}=\"{Escape(values[i])}\""));
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
