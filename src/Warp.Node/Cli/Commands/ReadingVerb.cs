using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Commands;

/// <summary>What the verbs that only read have in common: connect, ask, print a table or, with <c>--json</c>, the document.</summary>
internal static class ReadingVerb
{
    public static void SetAction<T>(
        Command command,
        ConnectionOptions connection,
        CommandOutput output,
        JsonTypeInfo<T> type,
        Func<NodeClient, ParseResult, CancellationToken, Task<T>> ask,
        Action<T> print)
    {
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            var document = await ask(node, parsed, cancellationToken);
            if (connection.Json(parsed))
            {
                output.Line(JsonSerializer.Serialize(document, type));
            }
            else
            {
                print(document);
            }

            return (int)ExitCode.Ok;
        });
    }
}
