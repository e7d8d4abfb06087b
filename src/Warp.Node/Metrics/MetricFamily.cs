using System.Collections.Immutable;

namespace Warp.Node.Metrics;

/// <summary>How a metric's numbers are to be read.</summary>
public enum MetricKind
{
    /// <summary>Only rises, from 0 at the start of the process or of what it counts.</summary>
    Counter,

    /// <summary>As it is now.</summary>
    Gauge,

    /// <summary>How often it took how long.</summary>
    Histogram,
}

/// <summary>What a metric is; <see cref="MetricCatalog"/> has them all.</summary>
/// <param name="name">In Prometheus' form, with its unit.</param>
/// <param name="kind">How its numbers are to be read.</param>
/// <param name="help">What it says, in a sentence.</param>
/// <param name="labels">The names of its labels.</param>
public sealed class MetricDefinition(string name, MetricKind kind, string help, params ImmutableArray<string> labels)
{
    /// <summary>In Prometheus' form, with its unit.</summary>
    public string Name => name;

    /// <summary>How its numbers are to be read.</summary>
    public MetricKind Kind => kind;

    /// <summary>What it says, in a sentence.</summary>
    public string Help => help;

    /// <summary>The names of its labels.</summary>
    public ImmutableArray<string> Labels => labels;

    /// <summary>Its numbers.</summary>
    public MetricFamily Of(IEnumerable<MetricPoint> points) => new(this, [.. points]);

    /// <summary>Its one number, when it has no labels.</summary>
    public MetricFamily Of(double value) => Of([new MetricPoint(value)]);
}

/// <summary>A metric with its numbers as of now.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Points">One for each combination of labels that there is.</param>
public sealed record MetricFamily(MetricDefinition Definition, ImmutableArray<MetricPoint> Points);

/// <summary>One number.</summary>
/// <param name="Value">The number; of a histogram, the sum of what was measured.</param>
/// <param name="Labels">The values of the labels, in the order of their names.</param>
public readonly record struct MetricPoint(double Value, params ImmutableArray<string> Labels)
{
    /// <summary>How often; null for other kinds.</summary>
    public MetricHistogram? Histogram { get; init; }
}

/// <summary>How often it took how long.</summary>
/// <param name="Limits">The largest value of each bucket but the last, ascending.</param>
/// <param name="Counts">How many fell into each bucket, and into none of the smaller ones; one more than limits.</param>
public sealed record MetricHistogram(ImmutableArray<double> Limits, ImmutableArray<long> Counts);
