using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;

namespace Warp.Node.Configuration;

/// <summary>Checks and reads the value of a setting as its kind.</summary>
internal static partial class SettingValues
{
    private const string DomainExpected = "a domain name such as apps.example.org, without '*' and without a dot at its end, is expected";

    // The words that HOCON knows (https://github.com/lightbend/config/blob/main/HOCON.md).
    private static readonly string[] On = ["on", "true", "yes"];
    private static readonly string[] Off = ["off", "false", "no"];

    // A host name has at most 253 characters (RFC 1035, 2.3.4); the label of a service and its dot go before the domain.
    private const int MaxDomain = 253 - PublicHostName.MaxLabelBytes - 1;

    /// <summary>What is wrong with the value; null when it is right.</summary>
    public static string? Problem(SettingKind kind, HoconValue value) => kind switch
    {
        SettingKind.PortList when !value.IsArray() => "a list of ports such as [80, 443] is expected",
        SettingKind.PortList => value.GetArray().Select(item => item.IsString() ? item.GetString() : "").FirstOrDefault(item => Port(item) is null or 0) is { } wrong
            ? $"a list of TCP ports from 1 to 65535 is expected, '{wrong}' is none"
            : null,
        SettingKind.MemberStates when !value.IsArray() => "a list of states such as [\"Up\", \"WeaklyUp\"] is expected",
        SettingKind.MemberStates => value.GetArray().Select(item => item.IsString() ? item.GetString() : "").FirstOrDefault(item => !Enum.GetNames<MemberStatus>().Contains(item, StringComparer.Ordinal)) is { } unknown
            ? $"states of {string.Join(", ", Enum.GetNames<MemberStatus>())} are expected, '{unknown}' is none"
            : null,
        SettingKind.DomainMap when !value.IsObject() => "ids with their domains, such as { eu = \"eu.example.org\" }, are expected",
        SettingKind.DomainMap => value.GetObject().Items.Select(item => DomainProblem(item.Key, item.Value)).FirstOrDefault(problem => problem is not null),
        _ when !value.IsString() => "a single value is expected",
        SettingKind.ConnectionString => Problem(kind, value.GetString()), // The value holds a password.
        _ when Problem(kind, value.GetString()) is { } problem => $"{problem}, not '{value.GetString()}'",
        _ => null,
    };

    private static string? Problem(SettingKind kind, string text) => kind switch
    {
        SettingKind.Text => null,
        SettingKind.Address => Ipv4Address.TryParse(text, out _) ? null : "an IPv4 address such as 0.0.0.0 is expected",
        SettingKind.Number => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "a whole number from 0 is expected",
        SettingKind.Few => Port(text) is >= 1 and <= 16 ? null : "a whole number from 1 to 16 is expected",
        SettingKind.Port => Port(text) is not null ? null : "a TCP port, 0 to 65535, is expected",
        SettingKind.Duration => Duration(text) > TimeSpan.Zero ? null : "a duration above zero such as 500ms or 5s is expected",
        SettingKind.Range => Ipv4Range.TryParse(text, out _) ? null : "an IPv4 range such as 10.201.0.0/16, with zeros in its host part, is expected",
        SettingKind.Uri => System.Uri.TryCreate(text, UriKind.Absolute, out _) ? null : "a URI such as \"unix:///var/run/docker.sock\" is expected",
        SettingKind.Domain => text.Length == 0 || IsDomain(text) ? null : DomainExpected,
        SettingKind.ConnectionString => text.Length == 0 || PostgresConnection.TryParse(text) is not null ? null : PostgresConnection.Expected,
        SettingKind.OptionalAddress => text.Length == 0 ? null : Problem(SettingKind.Address, text),
        SettingKind.Path => text.Length == 0 || UrlPath().IsMatch(text) ? null : "a path such as /ops is expected",
        SettingKind.Flag => text.Length == 0 || IsOneOf(text, On) || IsOneOf(text, Off) ? null : "on or off is expected",
        SettingKind.LogLevel => OneOf<LogLevel>(text),
        SettingKind.Provider => OneOf<PersistenceProvider>(text),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The duration, or zero when the text is none.</summary>
    public static TimeSpan Duration(string text)
    {
        try
        {
            return ConfigurationFactory.ParseString($"d = \"{text}\"").GetTimeSpan("d", TimeSpan.Zero, allowInfinite: false);
        }
        catch (Exception failure) when (failure is FormatException or ConfigurationException or OverflowException)
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>The value of a checked flag.</summary>
    public static bool Flag(string text) => IsOneOf(text, On);

    private static bool IsOneOf(string text, ReadOnlySpan<string> words) => words.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static string? DomainProblem(string id, HoconValue value) =>
        value.IsString() && IsDomain(value.GetString()) ? null : $"{id}: {DomainExpected}{(value.IsString() ? $", not '{value.GetString()}'" : "")}";

    private static bool IsDomain(string text) => text.Length <= MaxDomain && DomainName().IsMatch(text);

    private static int? Port(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    private static string? OneOf<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"one of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))} is expected";

    [GeneratedRegex("^/?[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*/?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex UrlPath();

    [GeneratedRegex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex DomainName();
}
