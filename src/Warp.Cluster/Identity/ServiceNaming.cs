using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Warp.Cluster.Identity;

/// <summary>
/// How a service's name becomes environment variables and host names. The encoded form of a name is: each label to ASCII (IDNA with Punycode, RFC 3490 and RFC 3492),
/// lower case, every character that is no letter or digit to '-', '-' at the end dropped. It stands in wherever the plain name cannot be used.
/// </summary>
public static class ServiceNaming
{
    /// <summary>What every variable with a service's address begins with.</summary>
    public const string VariablePrefix = "WARP_IST_";

    /// <summary>What every service's host name ends with.</summary>
    public const string HostSuffix = ".warp";

    /// <summary>The longest encoded name: that of a DNS label (RFC 1035, 2.3.4), in bytes.</summary>
    public const int MaxEncodedBytes = 63;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>
    /// The encoded form. It is also the key by which two services of a deployment clash: services with different encoded forms share no variable and no host name,
    /// whatever the case (no other form folds more).
    /// </summary>
    /// <param name="name">The service's name.</param>
    /// <param name="encoded">1 to 63 of <c>a-z</c>, <c>0-9</c> and '-', when <paramref name="problem"/> is null; else empty.</param>
    /// <param name="problem">Why the name has no encoded form, for a person; null when it has one.</param>
    public static bool TryEncode(ServiceName name, out string encoded, [NotNullWhen(false)] out string? problem)
    {
        encoded = "";
        string ascii;
        try
        {
            ascii = string.Join('.', name.Value.ToLowerInvariant().Split('.').Select(ToAscii));
        }
        catch (ArgumentException e)
        {
            problem = $"the service name '{name}' cannot become a host name: {FirstSentence(e.Message)}; use letters of one script, digits and '-'";
            return false;
        }

        var folded = new string([.. ascii.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')]).TrimEnd('-');
        problem = folded.Length switch
        {
            0 => $"the service name '{name}' has no letter or digit that a host name could be made of; add one",
            > MaxEncodedBytes => $"the service name '{name}' becomes a host name of {folded.Length} bytes, {MaxEncodedBytes} are allowed; choose a shorter name",
            _ => null,
        };
        encoded = problem is null ? folded : "";
        return problem is null;
    }

    /// <summary>
    /// The variables that hold the service's address: <c>WARP_IST_</c> and the plain name (the encoded form when the name has a space, '=' or anything beyond ASCII),
    /// and its twin with every character outside <c>A-Za-z0-9_</c> as '_' where the two differ, because shells drop variables with other names.
    /// </summary>
    /// <returns>One or two names.</returns>
    /// <exception cref="ArgumentException">The name has no encoded form.</exception>
    public static ImmutableArray<string> VariableNames(ServiceName name)
    {
        var encoded = Encode(name);
        var general = name.Value.All(c => char.IsAscii(c) && c is not (' ' or '=')) ? name.Value : encoded;
        var shellSafe = new string([.. general.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        return [.. new[] { general, shellSafe }.Distinct(StringComparer.Ordinal).Select(part => VariablePrefix + part)];
    }

    /// <summary>The host names of the service: the plain name where it can stand in a host name ('_' included, as resolvers take it), its lower case, and the encoded form.</summary>
    /// <returns>One to three distinct names.</returns>
    /// <exception cref="ArgumentException">The name has no encoded form.</exception>
    public static ImmutableArray<string> HostNames(ServiceName name)
    {
        var encoded = Encode(name);
        string[] labels = IsHostLabel(name.Value) ? [name.Value, name.Value.ToLowerInvariant(), encoded] : [encoded];
        return [.. labels.Distinct(StringComparer.Ordinal).Select(label => label + HostSuffix)];
    }

    private static string Encode(ServiceName name) =>
        TryEncode(name, out var encoded, out var problem) ? encoded : throw new ArgumentException(problem, nameof(name));

    private static string ToAscii(string label) => label.Length == 0 || Ascii.IsValid(label) ? label : Idn.GetAscii(label);

    private static bool IsHostLabel(string text) =>
        text.Length <= MaxEncodedBytes && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && text[0] != '-' && text[^1] != '-';

    private static string FirstSentence(string message) => message.Split(". ", 2)[0].Split(" (", 2)[0].TrimEnd('.');
}
