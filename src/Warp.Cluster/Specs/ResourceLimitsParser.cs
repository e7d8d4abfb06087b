using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Specs;

/// <summary>Reads a service's <c>resources</c>: <c>{ "cpus"?: 0.5, "memory"?: "256M" }</c>.</summary>
internal static partial class ResourceLimitsParser
{
    private const double LeastCpus = 0.01;
    private const double MostCpus = 1024;
    private const long LeastMemory = 6L * 1024 * 1024;
    private const long MostMemory = 64L * 1024 * 1024 * 1024 * 1024;
    private static readonly ImmutableArray<string> Fields = ["cpus", "memory"];

    /// <summary>Null when absent or empty.</summary>
    public static ResourceLimits? Read(JsonFields service)
    {
        if (service.Child("resources", Fields) is not { IsObject: true } fields)
        {
            return null;
        }

        var cpus = fields.Fraction("cpus", LeastCpus, MostCpus);
        var memory = Memory(fields);
        return cpus is null && memory is null ? null : new ResourceLimits(cpus is { } count ? (int)Math.Round(count * 1000) : null, memory);
    }

    private static long? Memory(JsonFields fields)
    {
        if (fields.Text("memory") is not { } text)
        {
            return null;
        }

        if (Size().Match(text) is { Success: true } match)
        {
            var unit = Math.Pow(1024, "kmgt".IndexOf(char.ToLowerInvariant(match.Groups["unit"].Value[0]), StringComparison.Ordinal) + 1);
            var bytes = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * unit;
            if (bytes is >= LeastMemory and <= MostMemory)
            {
                return (long)bytes;
            }
        }

        fields.Report("memory", $"'{text}' is no amount of memory; write a number with K, M, G or T (of 1024 each), from 6M to 64T, such as 256M or 1.5G");
        return null;
    }

    [GeneratedRegex("^(?<number>[0-9]{1,12}(\\.[0-9]{1,6})?) ?(?<unit>[kmgt])(i?b)?\\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Size();
}
