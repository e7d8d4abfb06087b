using System.Globalization;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Containers;

namespace Warp.Node.Http.Endpoints;

/// <summary>The query of a request for logs: <c>follow</c>, <c>tail</c>, <c>since</c>, <c>ordinal</c>.</summary>
/// <param name="Log">Which part of the output.</param>
/// <param name="Ordinal">Of which replica, from 0.</param>
internal sealed record LogRequest(LogQuery Log, int Ordinal)
{
    /// <exception cref="ProblemException">A value cannot be read.</exception>
    public static LogRequest Parse(IQueryCollection query) =>
        new(new LogQuery(Flag(query), Number(query, "tail"), Since(query)), Number(query, "ordinal") ?? 0);

    private static bool Flag(IQueryCollection query) => (query.ContainsKey("follow") ? query["follow"].ToString() : "false") switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        var other => throw Wrong("follow", $"'{other}' is neither true nor false"),
    };

    private static int? Number(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw Wrong(name, $"'{other}' is not a whole number from 0"),
    };

    private static DateTimeOffset? Since(IQueryCollection query) => query["since"].ToString() switch
    {
        "" => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        var other => throw Wrong("since", $"'{other}' is not a time such as 2030-01-31T12:00:00Z"),
    };

    private static ProblemException Wrong(string name, string message) => new(Problem.InvalidRequest(name, message));
}
