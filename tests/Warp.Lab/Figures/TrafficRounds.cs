using System.Globalization;

namespace Warp.Lab.Figures;

/// <summary>What several rounds measured: in each round every figure on every way, in turn, so that what the machine does meanwhile meets all alike.</summary>
internal sealed class TrafficRounds
{
    private readonly Dictionary<(TrafficFigure Figure, TrafficPath Path), List<double>> _values = [];

    /// <summary>Waits until every way carries something, then measures.</summary>
    internal static async Task<TrafficRounds> MeasureAsync(IReadOnlyList<TrafficFigure> figures, IReadOnlyList<TrafficPath> paths, int rounds)
    {
        foreach (var path in paths)
        {
            await path.Client.AwaitAsync(path.Address, path.Port);
        }

        var measured = new TrafficRounds();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var figure in figures)
            {
                foreach (var path in paths)
                {
                    var results = await path.Client.LoadAsync([figure.Load[0], path.Address, path.Port, .. figure.Load.Skip(1)]);
                    var all = measured._values.TryGetValue((figure, path), out var known) ? known : measured._values[(figure, path)] = [];
                    all.Add(results[figure.Metric]);
                }
            }
        }

        return measured;
    }

    /// <summary>The median of a figure.</summary>
    internal string Median(TrafficFigure figure, TrafficPath path) => string.Create(CultureInfo.InvariantCulture, $"{Medians.Of(_values[(figure, path)]):0.0}");

    /// <summary>The median of the ratios within the rounds.</summary>
    internal string Ratio(TrafficFigure figure, TrafficPath path, TrafficPath to) =>
        string.Create(CultureInfo.InvariantCulture, $"{Medians.Of(_values[(figure, path)].Zip(_values[(figure, to)], (value, other) => value / other)):0.000}");
}
