using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warp.Node.Docker;

/// <summary>One line of the engine's answer to a build or a load (Docker Engine API, <c>POST /build</c>): exactly one of the fields that carry text is there.</summary>
/// <param name="Stream">Output: any piece of text, not always whole lines.</param>
/// <param name="Status">What happens to a layer, or to the whole.</param>
/// <param name="Id">The layer.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="ErrorDetail">Why it failed; the last line.</param>
/// <param name="Aux">What came of it.</param>
internal sealed record EngineMessage(
    string? Stream, string? Status, string? Id, [property: JsonPropertyName("progressDetail")] EngineProgress? Progress, EngineError? ErrorDetail, EngineResult? Aux)
{
    /// <summary>Reads the lines of an answer to its end.</summary>
    /// <exception cref="IOException">The engine broke off, or wrote what is no message.</exception>
    public static async IAsyncEnumerable<EngineMessage> ReadAsync(
        HttpContent content, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(await content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                yield return Parse(line);
            }
        }
    }

    private static EngineMessage Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EngineJson.Default.EngineMessage) ?? throw new IOException("the engine wrote an empty message");
        }
        catch (JsonException broken)
        {
            throw new IOException("the engine's answer broke off in the middle of a line", broken);
        }
    }
}

/// <summary>How far a layer is, in bytes; zeros when unknown.</summary>
internal sealed record EngineProgress(long Current, long Total);

/// <summary>The engine's words.</summary>
internal sealed record EngineError(string Message);

/// <summary>What came of a build.</summary>
/// <param name="Id">The image's id; null in other messages of the kind.</param>
internal sealed record EngineResult([property: JsonPropertyName("ID")] string? Id);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(EngineLogin))]
[JsonSerializable(typeof(Dictionary<string, EngineLogin>))]
internal sealed partial class EngineJson : JsonSerializerContext;
