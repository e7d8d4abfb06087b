using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Warp.Node.Http;

/// <summary>Reads a request's body up to the limit.</summary>
internal static class RequestBody
{
    /// <summary>
    /// A body over <see cref="ManagementOptions.MaxBodyBytes"/> is read to its end and dropped, up to <see cref="ManagementOptions.MaxDiscardedBytes"/>: a client that is
    /// cut off while it sends would see a broken connection instead of the answer.
    /// </summary>
    /// <exception cref="ProblemException">The body is over the limit.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var chunk = new byte[64 * 1024];
        var total = 0L;
        for (int read; (read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0;)
        {
            total += read;
            if (total <= ManagementOptions.MaxBodyBytes)
            {
                body.Write(chunk, 0, read);
            }
        }

        return total <= ManagementOptions.MaxBodyBytes
            ? body.GetBuffer().AsMemory(0, (int)body.Length)
            : throw new ProblemException(Problem.TooLarge(ManagementOptions.MaxBodyBytes));
    }

    /// <summary>Reads a JSON document with known fields only.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">The document's form.</param>
    /// <param name="example">A right one, for the answer to another.</param>
    /// <param name="whenEmpty">What an empty body stands for; null when it is refused.</param>
    /// <exception cref="ProblemException">The body is over the limit, or is no such document.</exception>
    public static async Task<T> ReadLikeAsync<T>(HttpContext context, JsonTypeInfo<T> type, string example, T? whenEmpty = null)
        where T : class
    {
        var body = await ReadAsync(context);
        try
        {
            return (body.IsEmpty ? whenEmpty : JsonSerializer.Deserialize(body.Span, type)) ?? throw Wrong($"it is to be like {example}");
        }
        catch (JsonException broken)
        {
            throw Wrong($"it is to be like {example}, and no other fields; it is not at {broken.Path ?? "$"}");
        }

        static ProblemException Wrong(string message) => new(Problem.InvalidRequest("body", message));
    }

    /// <summary>Reads a JSON document.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">The document's form.</param>
    /// <param name="isComplete">Whether what must be there is there.</param>
    /// <param name="expected">What is expected in its field <c>request</c>, for the answer to another one.</param>
    /// <exception cref="ProblemException">The body is over the limit, or is no such document.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, bool> isComplete, string expected)
        where T : class
    {
        var body = await ReadAsync(context);
        try
        {
            if (JsonSerializer.Deserialize(body.Span, type) is { } document && isComplete(document))
            {
                return document;
            }
        }
        catch (JsonException)
        {
            // The answer below says what is expected.
        }

        throw new ProblemException(Problem.InvalidRequest("request", expected));
    }
}
