using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Specs;

/// <summary>The fields of one JSON object; reading a field of the wrong type reports a problem with its path and yields nothing. A null is as good as no field.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly List<SpecProblem> _problems;
    private readonly string _path;

    private JsonFields(string path, List<SpecProblem> problems) => (_path, _problems) = (path, problems);

    /// <summary>The path of the object in its document; empty for the whole.</summary>
    public string Path => _path;

    /// <summary>Whether there was an object at all.</summary>
    public bool IsObject { get; private init; }

    /// <summary>Takes the fields of an object; unknown and repeated ones are reported.</summary>
    public static JsonFields Of(JsonElement element, string path, ImmutableArray<string> known, List<SpecProblem> problems)
    {
        var fields = new JsonFields(path, problems) { IsObject = element.ValueKind == JsonValueKind.Object };
        if (!fields.IsObject)
        {
            problems.Add(new SpecProblem(path, $"an object is expected here, not {Name(element)}"));
            return fields;
        }

        foreach (var (name, value) in fields.Properties(element, path))
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                fields.Report(name, NearestName.Of(name, known) is { } near
                    ? $"the field '{name}' is not known; did you mean '{near}'?"
                    : $"the field '{name}' is not known; known are {string.Join(", ", known)}");
            }
            else if (!fields._values.TryAdd(name, value))
            {
                fields.Report(name, $"the field '{name}' is given twice");
            }
        }

        return fields;
    }

    /// <summary>Adds a problem with a field of this object.</summary>
    public void Report(string field, string message) => _problems.Add(new SpecProblem(_path.Length == 0 ? field : $"{_path}.{field}", message));

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => Value(field) is not null;

    /// <summary>A field as it is; null when absent.</summary>
    public JsonElement? Raw(string field) => Value(field);

    /// <summary>The fields of an object within this one; null when absent. One of the wrong type is reported and has no fields.</summary>
    public JsonFields? Child(string field, ImmutableArray<string> known) =>
        Value(field) is { } value ? Of(value, _path.Length == 0 ? field : $"{_path}.{field}", known, _problems) : null;

    /// <summary>Whether the field is a string.</summary>
    public bool IsText(string field) => Value(field) is { ValueKind: JsonValueKind.String };

    /// <summary>A string that has to be there.</summary>
    public string? RequiredText(string field)
    {
        if (!Has(field))
        {
            Report(field, $"the field '{field}' is missing");
        }

        return Text(field);
    }

    /// <summary>A string; null when absent.</summary>
    public string? Text(string field) => Value(field) is { } value ? Text(value, field, "a string") : null;

    /// <summary>True or false; null when absent.</summary>
    public bool? Flag(string field)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Report(field, $"true or false is expected here, not {Name(value)}");
        return null;
    }

    /// <summary>A number within bounds; null when absent.</summary>
    public double? Fraction(string field, double least, double most)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Report(field, string.Create(
            CultureInfo.InvariantCulture, $"a number from {least} to {most} is expected here, not {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Name(value))}"));
        return null;
    }

    /// <summary>A whole number within bounds; null when absent.</summary>
    public int? Number(string field, int least, int most)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Report(field, $"a whole number from {least} to {most} is expected here, not {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Name(value))}");
        return null;
    }

    /// <summary>The elements of an array; null when absent or no array.</summary>
    public ImmutableArray<JsonElement>? Items(string field, string expected = "an array")
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray()];
        }

        Report(field, $"{expected} is expected here, not {Name(value)}");
        return null;
    }

    /// <summary>The strings of an array; empty when absent.</summary>
    public ImmutableArray<string> Texts(string field, string expected) =>
        [.. (Items(field, expected) ?? []).Select((item, index) => Text(item, $"{field}[{index}]", "a string") ?? "")];

    /// <summary>An object whose values are strings; empty when absent.</summary>
    public ImmutableSortedDictionary<string, string> Map(string field)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (Value(field) is not { } value)
        {
            return map.ToImmutable();
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Report(field, $"an object with strings is expected here, not {Name(value)}");
            return map.ToImmutable();
        }

        foreach (var (name, item) in Properties(value, field))
        {
            if (!map.TryAdd(name, Text(item, $"{field}.{name}", "a string (numbers and true/false in quotes)") ?? ""))
            {
                Report($"{field}.{name}", $"'{name}' is given twice");
            }
        }

        return map.ToImmutable();
    }

    private JsonElement? Value(string field) => _values.TryGetValue(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? Text(JsonElement value, string field, string expected)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Report(field, $"{expected} is expected here, not {Name(value)}");
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            Report(field, "the text is not well-formed Unicode (half of a surrogate pair, or bytes that are not UTF-8)");
            return null;
        }
    }

    private List<(string Name, JsonElement Value)> Properties(JsonElement element, string path)
    {
        var properties = new List<(string, JsonElement)>();
        foreach (var property in element.EnumerateObject())
        {
            try
            {
                properties.Add((property.Name, property.Value));
            }
            catch (InvalidOperationException)
            {
                _problems.Add(new SpecProblem(path, "a field's name is not well-formed Unicode (half of a surrogate pair, or bytes that are not UTF-8)"));
            }
        }

        return properties;
    }

    /// <summary>The kind of a value, with its article.</summary>
    public static string Name(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
