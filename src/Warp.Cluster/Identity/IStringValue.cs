using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warp.Cluster.Identity;

/// <summary>A name that is a checked string: it cannot exist with a value that breaks its rule.</summary>
/// <typeparam name="TSelf">The name's own type.</typeparam>
public interface IStringValue<TSelf>
    where TSelf : struct, IStringValue<TSelf>
{
    /// <summary>The text; never null or empty for a parsed value.</summary>
    string Value { get; }

    /// <summary>Checks <paramref name="text"/> against the rule of the name.</summary>
    /// <param name="text">What a person or a peer wrote; may be null.</param>
    /// <param name="value">The name, when the answer is true.</param>
    /// <param name="problem">What is wrong with the text, in words for a person, when the answer is false.</param>
    static abstract bool TryParse(string? text, out TSelf value, [NotNullWhen(false)] out string? problem);
}

/// <summary>Reads and writes a checked name as a plain JSON string, also as a property name.</summary>
/// <typeparam name="T">The name's type.</typeparam>
public sealed class StringValueJsonConverter<T> : JsonConverter<T>
    where T : struct, IStringValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? Parse(reader.GetString())
            : throw new JsonException($"a string is expected here, not {reader.TokenType}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);

    private static T Parse(string? text) =>
        T.TryParse(text, out var value, out var problem) ? value : throw new JsonException(problem);
}
