using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;

namespace Warp.Cluster.Identity;

/// <summary>
/// The name of a service, unique in its deployment: any text without '/', control characters or surrounding white space, 1 to 200 UTF-8 bytes.
/// How it becomes a host name and an environment variable is the subject of <c>ServiceNaming</c>.
/// </summary>
[JsonConverter(typeof(StringValueJsonConverter<ServiceName>))]
public readonly record struct ServiceName : IStringValue<ServiceName>
{
    /// <summary>The longest name, in UTF-8 bytes.</summary>
    public const int MaxBytes = 200;

    private ServiceName(string value) => Value = value;

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>Parses a name that is known to be right; for tests and constants.</summary>
    /// <exception cref="FormatException">The text breaks the rule.</exception>
    public static ServiceName Parse(string text) => TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <inheritdoc/>
    public static bool TryParse(string? text, out ServiceName value, [NotNullWhen(false)] out string? problem)
    {
        problem = text switch
        {
            null or "" => "a service name may not be empty",
            _ when text.Contains('/', StringComparison.Ordinal) => $"the service name '{text}' contains '/'",
            _ when text.Any(char.IsControl) => "a service name may not contain control characters (such as a new line)",
            _ when text.Any(char.IsSurrogate) && !IsWellFormed(text) => "the service name is not well-formed Unicode",
            _ when text.Trim().Length != text.Length => $"the service name '{text}' begins or ends with a space",
            _ when Encoding.UTF8.GetByteCount(text) > MaxBytes => $"the service name '{text[..20]}...' is longer than {MaxBytes} bytes",
            _ => null,
        };
        value = problem is null ? new ServiceName(text!) : default;
        return problem is null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);
}
