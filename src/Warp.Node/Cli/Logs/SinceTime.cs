using System.CommandLine.Parsing;
using System.Globalization;

namespace Warp.Node.Cli.Logs;

/// <summary>The value of <c>--since</c>: how long ago, such as <c>90s</c>, <c>10m</c>, <c>2h</c> or <c>1d</c>, or a time (ISO 8601).</summary>
internal static class SinceTime
{
    /// <summary>Reads it as a time.</summary>
    public static DateTimeOffset? Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (Parse(text, DateTimeOffset.UtcNow) is { } time)
        {
            return time;
        }

        argument.AddError($"--since: '{text}' is neither a duration such as 90s, 10m, 2h or 1d nor a time such as 2030-01-31T12:00:00Z.");
        return null;
    }

    /// <summary>Reads it as a time.</summary>
    /// <returns>Null when it is neither a duration nor a time.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && Unit(text[^1]) is { } unit)
        {
            return now - (count * unit);
        }

        return text.Contains('-', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
