using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Shouldly;

namespace Warp.Node.Tests.Http.OpenApi;

/// <summary>The API's document as a reader of it sees it.</summary>
internal sealed class DocumentedApi(JsonElement document)
{
    private readonly JsonSchemaCheck _check = new(document);

    public JsonElement Document => document;

    /// <summary>Every operation: method in capitals, path template, description.</summary>
    public IEnumerable<(string Method, string Path, JsonElement Operation)> Operations =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value);

    /// <summary>Asserts that an answer is one of those that the document names, and returns the operation's id.</summary>
    public async Task<string> VerifyAsync(HttpResponseMessage answer)
    {
        var (method, path) = (answer.RequestMessage!.Method.Method, answer.RequestMessage.RequestUri!.AbsolutePath);
        var operation = Operations.Where(one => string.Equals(one.Method, method, StringComparison.Ordinal) && Fits(one.Path, path)).OrderBy(one => one.Path.Count(c => c == '{')).First().Operation;
        var id = operation.GetProperty("operationId").GetString()!;
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        var text = await answer.Content.ReadAsStringAsync();
        operation.GetProperty("responses").TryGetProperty(status, out var response).ShouldBeTrue($"{id} answered {status}, which is not documented: {text}");
        VerifyHeaders(id, response, answer.Headers);
        if (answer.Content.Headers.ContentType?.MediaType is { } type)
        {
            response.TryGetProperty("content", out var content).ShouldBeTrue($"{id} {status} has a body, which is not documented: {text}");
            content.TryGetProperty(type, out var media).ShouldBeTrue($"{id} {status} is of type {type}, which is not documented");
            VerifyBody(id, type, media.GetProperty("schema"), text);
        }

        return id;
    }

    /// <summary>Asserts that a value fits a schema of the document.</summary>
    public void Verify(string what, JsonElement schema, JsonElement value) => _check.Check(schema, value).ShouldBeEmpty($"{what}: {value}");

    private void VerifyBody(string id, string type, JsonElement schema, string text)
    {
        var values = type switch
        {
            "application/json" or "application/problem+json" => [text],
            "application/x-ndjson" => text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            _ => Array.Empty<string>(),
        };
        foreach (var value in values)
        {
            Verify(id, schema, JsonElement.Parse(value));
        }
    }

    private static void VerifyHeaders(string id, JsonElement response, HttpResponseHeaders headers)
    {
        foreach (var name in response.TryGetProperty("headers", out var documented) ? documented.EnumerateObject().Select(header => header.Name) : [])
        {
            headers.Contains(name).ShouldBeTrue($"{id} lacks the header {name}");
        }

        (headers.ETag is null || (response.TryGetProperty("headers", out var all) && all.TryGetProperty("ETag", out _))).ShouldBeTrue($"{id} has an ETag, which is not documented");
    }

    private static bool Fits(string template, string path)
    {
        var (wanted, given) = (template.Trim('/').Split('/'), path.Trim('/').Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => pair.Item1.StartsWith('{') || string.Equals(pair.Item1, pair.Item2, StringComparison.Ordinal));
    }
}
