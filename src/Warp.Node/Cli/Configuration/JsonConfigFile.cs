using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Configuration;

/// <summary>A configuration in JSON that a person wrote: comments and a comma too many are no errors, an attribute that is given twice is.</summary>
internal static class JsonConfigFile
{
    private const int MaxDepth = 32;

    /// <exception cref="OperatorException">It is no JSON object or array of objects; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public static ConfigDocument Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            return new Reading(file, text).Document();
        }
        catch (JsonException broken)
        {
            throw new OperatorException(
                ExitCode.Usage,
                string.Create(CultureInfo.InvariantCulture, $"{file}:{broken.LineNumber + 1}:{broken.BytePositionInLine + 1}: this is no valid JSON. {broken.Message.Split(" LineNumber:")[0]}"),
                broken);
        }
    }

    private sealed class Reading(string file, ReadOnlyMemory<byte> text)
    {
        private readonly ConfigPlaces _places = new();
        private int _line = 1;
        private int _lineStart;
        private int _seen;

        public ConfigDocument Document()
        {
            var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
            _ = reader.Read();
            var root = Value(ref reader, "");
            while (reader.Read())
            {
                // Only comments may follow.
            }

            return root is ConfigObject or ConfigList
                ? new ConfigDocument(file, root, _places, [])
                : throw new OperatorException(ExitCode.Usage, $"{file}: a JSON object {{ ... }} is expected, not {root?.Kind ?? "null"}.");
        }

        private ConfigValue? Value(ref Utf8JsonReader reader, string path) => reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(ref reader, path),
            JsonTokenType.StartArray => List(ref reader, path),
            JsonTokenType.String => Text(ref reader, path),
            JsonTokenType.Number => reader.TryGetDouble(out var number) && double.IsFinite(number) ? new ConfigNumber(number) : new ConfigOther("a number out of range"),
            JsonTokenType.True or JsonTokenType.False => new ConfigFlag(reader.GetBoolean()),
            _ => null,
        };

        private ConfigObject Object(ref Utf8JsonReader reader, string path)
        {
            var attributes = ImmutableArray.CreateBuilder<(string, ConfigValue)>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var place = Place(reader.TokenStartIndex);
                var name = Text(ref reader, path).Text;
                var here = path.Length == 0 ? name : $"{path}.{name}";
                if (!names.Add(name))
                {
                    throw new OperatorException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"{file}:{place.Line}:{place.Column}: {here} is given twice. Keep one."));
                }

                _places.Add(here, place);
                _ = reader.Read();
                if (Value(ref reader, here) is { } value)
                {
                    attributes.Add((name, value));
                }
            }

            return new ConfigObject(attributes.ToImmutable());
        }

        private ConfigList List(ref Utf8JsonReader reader, string path)
        {
            var items = ImmutableArray.CreateBuilder<ConfigValue>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                items.Add(Value(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]")) ?? new ConfigOther("null"));
            }

            return new ConfigList(items.ToImmutable());
        }

        private ConfigText Text(ref Utf8JsonReader reader, string path)
        {
            try
            {
                return new ConfigText(reader.GetString()!);
            }
            catch (InvalidOperationException broken)
            {
                var place = Place(reader.TokenStartIndex);
                throw new OperatorException(
                    ExitCode.Usage,
                    string.Create(CultureInfo.InvariantCulture, $"{file}:{place.Line}:{place.Column}: {path}: the text is not well-formed Unicode (half of a surrogate pair, or bytes that are not UTF-8)."),
                    broken);
            }
        }

        // Tokens come in order: lines are counted from where the last one was.
        private ConfigPlace Place(long index)
        {
            for (; _seen < index; _seen++)
            {
                if (text.Span[_seen] == '\n')
                {
                    (_line, _lineStart) = (_line + 1, _seen + 1);
                }
            }

            return new ConfigPlace(_line, index - _lineStart + 1);
        }
    }
}
