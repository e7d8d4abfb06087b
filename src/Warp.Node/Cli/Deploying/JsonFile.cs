using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>A JSON object that a person wrote: comments and a comma too many are no errors.</summary>
internal static class JsonFile
{
    /// <exception cref="OperatorException">It cannot be read or is no JSON object; the message says where.</exception>
    public static JsonObject Read(string file)
    {
        try
        {
            return JsonNode.Parse(
                File.ReadAllBytes(file), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false }) as JsonObject
                ?? throw new OperatorException(ExitCode.Usage, $"{file}: a JSON object {{ ... }} is expected.");
        }
        catch (JsonException broken)
        {
            var place = broken.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $":{line + 1}:{broken.BytePositionInLine + 1}") : "";
            throw new OperatorException(ExitCode.Usage, $"{file}{place}: this is no valid JSON. {broken.Message.Split(" LineNumber:")[0]}", broken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.Usage, $"{file} cannot be read: {failure.Message}", failure);
        }
    }
}
