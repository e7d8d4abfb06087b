using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Warp.Cluster.Identity;

/// <summary>The name of a deployment, unique in its cluster: a DNS label in lower case, 1 to 63 characters.</summary>
[JsonConverter(typeof(StringValueJsonConverter<DeploymentName>))]
public readonly partial record struct DeploymentName : IStringValue<DeploymentName>
{
    private DeploymentName(string value) => Value = value;

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>Parses a name that is known to be right; for tests and constants.</summary>
    /// <exception cref="FormatException">The text breaks the rule.</exception>
    public static DeploymentName Parse(string text) => TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <inheritdoc/>
    public static bool TryParse(string? text, out DeploymentName value, [NotNullWhen(false)] out string? problem)
    {
        var ok = text is not null && DnsLabel().IsMatch(text);
        value = ok ? new DeploymentName(text!) : default;
        problem = ok ? null : $"'{text}' is not a deployment name: use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex DnsLabel();
}
