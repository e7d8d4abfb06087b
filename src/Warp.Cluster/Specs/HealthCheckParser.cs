using System.Collections.Immutable;

namespace Warp.Cluster.Specs;

/// <summary>
/// Reads a service's <c>health</c>: one of <c>"tcp": port</c>, <c>"http": "/path"</c> or <c>{ "port"?, "path"? }</c>, and <c>"command": words</c>,
/// with <c>intervalSeconds</c>, <c>timeoutSeconds</c>, <c>retries</c> and <c>startSeconds</c>.
/// </summary>
internal static class HealthCheckParser
{
    private const int MaxPathLength = 2000;
    private static readonly ImmutableArray<string> Kinds = ["tcp", "http", "command"];
    private static readonly ImmutableArray<string> Fields = [.. Kinds, "intervalSeconds", "timeoutSeconds", "retries", "startSeconds"];
    private static readonly ImmutableArray<string> HttpFields = ["port", "path"];

    /// <summary>Null when absent or wrong.</summary>
    public static HealthCheck? Read(JsonFields service)
    {
        if (service.Child("health", Fields) is not { IsObject: true } fields)
        {
            return null;
        }

        if (Kinds.Count(fields.Has) != 1)
        {
            service.Report("health", $"a health check is exactly one of {string.Join(", ", Kinds)}, such as {{ \"tcp\": 5432 }}");
        }

        var interval = fields.Number("intervalSeconds", 1, 3600);
        var timeout = fields.Number("timeoutSeconds", 1, 600);
        var retries = fields.Number("retries", 1, 100);
        var start = fields.Number("startSeconds", 1, 3600);
        var check = Kind(fields);
        return check with
        {
            IntervalSeconds = interval ?? check.IntervalSeconds,
            TimeoutSeconds = timeout ?? check.TimeoutSeconds,
            Retries = retries ?? check.Retries,
            StartSeconds = start ?? check.StartSeconds,
        };
    }

    private static HealthCheck Kind(JsonFields fields)
    {
        if (fields.Has("http"))
        {
            return Http(fields);
        }

        return fields.Has("command") ? Command(fields) : new HealthCheck(HealthCheckKind.Tcp, fields.Number("tcp", 1, 65535));
    }

    private static HealthCheck Http(JsonFields fields)
    {
        if (!fields.IsText("http") && fields.Child("http", HttpFields) is { } http)
        {
            return new HealthCheck(HealthCheckKind.Http, http.Number("port", 1, 65535), Path(http, "path"));
        }

        return new HealthCheck(HealthCheckKind.Http, Path: Path(fields, "http"));
    }

    private static string Path(JsonFields fields, string field)
    {
        var path = fields.Text(field);
        if (path is not null && (path.Length is 0 or > MaxPathLength || path[0] != '/' || path.Any(c => c is <= ' ' or > '~' or '#')))
        {
            fields.Report(field, "the path of a health check begins with '/' and has only printable ASCII characters without space and '#', such as /healthz");
        }

        return path ?? "/";
    }

    private static HealthCheck Command(JsonFields fields)
    {
        var words = CommandWords.Read(fields, "command");
        if (words.IsEmpty)
        {
            fields.Report("command", "a health command names at least a program");
        }

        return new HealthCheck(HealthCheckKind.Command, Command: words);
    }
}
