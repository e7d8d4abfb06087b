using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Warp.Node.Http.Endpoints;

/// <summary>Values that come in a query.</summary>
internal static class QueryValues
{
    /// <summary>Whether it is switched on; its bare name says yes.</summary>
    /// <exception cref="ProblemException">It is neither true nor false.</exception>
    public static bool Flag(IQueryCollection query, string name) => (query.ContainsKey(name) ? query[name].ToString() : "false") switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        var other => throw Wrong(name, $"'{other}' is neither true nor false"),
    };

    /// <summary>A whole number from 0; null when it is not there.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public static int? Number(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw Wrong(name, $"'{other}' is not a whole number from 0"),
    };

    /// <summary>A time; null when it is not there.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public static DateTimeOffset? Time(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        var other => throw Wrong(name, $"'{other}' is not a time such as 2030-01-31T12:00:00Z"),
    };

    /// <summary>A value cannot be read.</summary>
    public static ProblemException Wrong(string name, string message) => new(Problem.InvalidRequest(name, message));
}
