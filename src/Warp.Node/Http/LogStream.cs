using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Containers;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http;

/// <summary>Writes a container's output as plain text, or as one JSON document a line when the caller accepts <see cref="NdJson"/>.</summary>
internal static class LogStream
{
    /// <summary>The media type of JSON lines.</summary>
    public const string NdJson = "application/x-ndjson";

    /// <summary>Names the generation of the instance whose output it is.</summary>
    public const string GenerationHeader = "Warp-Generation";

    /// <summary>Names the runner that it runs on.</summary>
    public const string RunnerHeader = "Warp-Runner";

    private const int FlushAtBytes = 32 * 1024;

    /// <summary>Writes line by line; a slow reader slows the reading of the engine.</summary>
    /// <param name="context">The request.</param>
    /// <param name="lines">The output.</param>
    /// <param name="live">Whether each line has to leave at once.</param>
    /// <param name="cancellationToken">Ends it; the response is then cut off.</param>
    /// <exception cref="ProblemException">The engine was lost.</exception>
    public static async Task WriteAsync(HttpContext context, IAsyncEnumerable<LogLine> lines, bool live, CancellationToken cancellationToken)
    {
        var asJson = context.Request.Headers.Accept.ToString().Contains(NdJson, StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = asJson ? NdJson : "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var body = context.Response.BodyWriter;
        try
        {
            // The headers leave at once: a caller who follows a silent container must see that it was found.
            await body.FlushAsync(cancellationToken);
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                Write(body, line, asJson);
                if (live || body.UnflushedBytes >= FlushAtBytes)
                {
                    await body.FlushAsync(cancellationToken);
                }
            }

            await body.FlushAsync(cancellationToken);
        }
        catch (IOException lost) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new ProblemException(Problem.EngineUnavailable(lost.Message));
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static void Write(PipeWriter body, LogLine line, bool asJson)
    {
        if (asJson)
        {
            using var json = new Utf8JsonWriter(body);
            JsonSerializer.Serialize(json, LogLineDocument.From(line), ManagementJson.Default.LogLineDocument);
        }
        else
        {
            Encoding.UTF8.GetBytes(line.Text, body);
        }

        body.Write("\n"u8);
    }
}
