using System.Globalization;

namespace Warp.Bench.Compare;

/// <summary>One number of a figure.</summary>
/// <param name="Name">As it stands in results.</param>
/// <param name="Title">As it stands above a table.</param>
/// <param name="MoreIsBetter">Otherwise less is.</param>
/// <param name="IsCompared">Whether ratios of it say something.</param>
internal sealed record Metric(string Name, string Title, bool MoreIsBetter, bool IsCompared = true);

/// <summary>Figures that are measured alike and stand in the same tables.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Title">As it stands above the tables.</param>
/// <param name="Metrics">What is measured.</param>
internal sealed record FigureGroup(string Name, string Title, IReadOnlyList<Metric> Metrics);

/// <summary>One piece of work that every peer has to do.</summary>
/// <param name="Group">What is measured of it.</param>
/// <param name="Name">As it stands in results and above a column.</param>
/// <param name="Text">What it is, in one line.</param>
/// <param name="Load">The arguments of the load client: its verb, and what follows address and port, with S for the seconds.</param>
/// <param name="Beside">The same for a client that runs beside it and is not measured; null without one.</param>
internal sealed record Figure(FigureGroup Group, string Name, string Text, string Load, string? Beside = null)
{
    /// <summary>The client's command line after <c>load</c>.</summary>
    internal static IReadOnlyList<string> Arguments(string load, System.Net.IPEndPoint entry, double seconds)
    {
        var words = load.Split(' ').Select(word => word is "S" ? seconds.ToString(CultureInfo.InvariantCulture) : word).ToList();
        return [words[0], $"{entry.Address}", entry.Port.ToString(CultureInfo.InvariantCulture), .. words.Skip(1)];
    }
}
