using Warp.Bench.Peers;

namespace Warp.Bench.Compare;

/// <summary>Medians over the rounds. A ratio is taken within each round first: the machine's speed changes from round to round, and cancels out within one.</summary>
internal sealed class Summary(CompareResult result)
{
    private readonly ILookup<(string Peer, string Figure), RunResult> _runs =
        result.Runs.Where(run => run.Failure is null).ToLookup(run => (run.Peer, run.Figure));

    private readonly IReadOnlyList<string> _encrypted = [.. result.Peers.Where(peer => peer.IsEncrypted).Select(peer => peer.Name)];

    /// <summary>The median; null when nothing was measured.</summary>
    internal double? Median(string peer, Figure figure, Metric metric) => Medians.Of(Values(peer, figure, metric).Values);

    /// <summary>The ratio to the peer without tunnel.</summary>
    internal double? ToPlain(string peer, Figure figure, Metric metric)
    {
        var plain = Values(PlainPeer.Base, figure, metric);
        return Ratio(Values(peer, figure, metric), round => plain.TryGetValue(round, out var value) ? value : null);
    }

    /// <summary>The ratio to the best of the other encrypted peers in each round, whichever that was.</summary>
    internal double? ToBestOther(string peer, Figure figure, Metric metric)
    {
        var others = _encrypted.Where(name => !string.Equals(name, peer, StringComparison.Ordinal)).Select(name => Values(name, figure, metric)).ToList();
        return Ratio(Values(peer, figure, metric), round =>
        {
            var values = others.Where(other => other.ContainsKey(round)).Select(other => other[round]).ToList();
            return values.Count == 0 ? null : metric.MoreIsBetter ? values.Max() : values.Min();
        });
    }

    /// <summary>How far the rounds lie apart, as a share of the median.</summary>
    internal double? Spread(string peer, Figure figure, Metric metric)
    {
        var values = Values(peer, figure, metric).Values;
        return Medians.Of(values) is { } middle and not 0 ? (values.Max() - values.Min()) / middle : null;
    }

    private static double? Ratio(Dictionary<int, double> values, Func<int, double?> reference) =>
        Medians.Of(values.Select(entry => reference(entry.Key) is { } other and not 0 ? entry.Value / other : (double?)null).OfType<double>());

    private Dictionary<int, double> Values(string peer, Figure figure, Metric metric) =>
        _runs[(peer, figure.Name)].Where(run => run.Metrics.ContainsKey(metric.Name)).ToDictionary(run => run.Round, run => run.Metrics[metric.Name]);
}
