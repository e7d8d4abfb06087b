using System.Globalization;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Failure.Matrix;

/// <summary>What a failure cost.</summary>
/// <param name="Failure">What failed.</param>
/// <param name="Here">The connections on one runner.</param>
/// <param name="Across">The connections between two runners.</param>
/// <param name="Restarted">Containers that are not the same any more, or were started again.</param>
public sealed record FailureCost(string Failure, PathCost Here, PathCost Across, int Restarted)
{
    /// <summary>A row of the table in docs/failures.md: failure, then for "here" and "across" the seconds without new connections and the open connections lost, then containers restarted.</summary>
    public override string ToString() => $"| {Failure} | {Here} | {Across} | {Restarted} |";

    /// <summary>Prints it.</summary>
    public FailureCost Print(ITestOutputHelper output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(ToString());
        foreach (var loss in new[] { Here.FirstLoss, Across.FirstLoss }.OfType<string>())
        {
            output.WriteLine($"  {loss}");
        }

        return this;
    }
}

/// <summary>What it cost the connections of one path.</summary>
/// <param name="Outage">The longest time without a new connection.</param>
/// <param name="Lost">Open connections that broke, of <see cref="Witnesses.Held"/>.</param>
/// <param name="FirstLoss">What the first of them saw; null when there was none.</param>
public sealed record PathCost(TimeSpan Outage, int Lost, string? FirstLoss)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Outage.TotalSeconds:0.#} | {Lost}");
}
