using System.Globalization;

namespace Warp.Bench.Relay;

/// <summary>Options of the form <c>--name value</c> and <c>--flag</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);

    /// <summary>Reads them; null when something else stands among them.</summary>
    internal static Arguments? Parse(ReadOnlySpan<string> arguments)
    {
        var result = new Arguments();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                return null;
            }

            var name = arguments[i][2..];
            var hasValue = i + 1 < arguments.Length && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            result._values[name] = hasValue ? arguments[++i] : null;
        }

        return result;
    }

    internal bool Has(string name) => _values.ContainsKey(name);

    internal string Required(string name) => _values.GetValueOrDefault(name) ?? throw new InvalidOperationException($"--{name} is missing");

    internal int Number(string name, int otherwise) =>
        _values.GetValueOrDefault(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Numbers with commas between them.</summary>
    internal IReadOnlyList<int> Numbers(string name, IReadOnlyList<int> otherwise) =>
        _values.GetValueOrDefault(name) is { } text ? [.. text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))] : otherwise;
}
