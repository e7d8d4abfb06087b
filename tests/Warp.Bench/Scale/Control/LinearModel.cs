using System.Globalization;

namespace Warp.Bench.Scale.Control;

/// <summary>A figure that grows with a size: base + slope · size.</summary>
internal sealed record LinearModel(double Base, double Slope)
{
    /// <summary>The line with the least squares of what it is off.</summary>
    internal static LinearModel Fit(IEnumerable<int> sizes, IEnumerable<double> values)
    {
        var points = sizes.Zip(values, (size, value) => (First: (double)size, Second: value)).ToList();
        var (x, y) = (points.Average(point => point.First), points.Average(point => point.Second));
        var slope = points.Sum(point => (point.First - x) * (point.Second - y)) / points.Sum(point => (point.First - x) * (point.First - x));
        return new LinearModel(y - (slope * x), slope);
    }

    internal double At(int size) => Base + (Slope * size);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Base:0.###} + {Slope:0.####} n");
}
