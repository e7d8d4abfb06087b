using System.Text.Json;
using System.Text.RegularExpressions;

namespace Warp.Node.Tests.Http.OpenApi;

/// <summary>
/// Checks a value against a schema of the API's document (JSON Schema 2020-12, as far as the document uses it). A keyword that it does not know is an error, and so is a field that
/// the schema does not name: what is answered is to be described.
/// </summary>
internal sealed class JsonSchemaCheck(JsonElement document)
{
    private static readonly string[] Annotations = ["description", "example", "title", "default", "format"];

    /// <returns>Everything that is wrong, with its place; empty when the value is right.</returns>
    public List<string> Check(JsonElement schema, JsonElement value)
    {
        var wrong = new List<string>();
        Check(schema, value, "$", wrong);
        return wrong;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> wrong)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    Check(Resolve(keyword.Value.GetString()!), value, path, wrong);
                    break;
                case "oneOf" or "anyOf":
                    var fitting = keyword.Value.EnumerateArray().Count(one => Check(one, value).Count == 0);
                    Require(keyword.Name is "oneOf" ? fitting == 1 : fitting > 0, $"fits {fitting} of {keyword.Name}");
                    break;
                case "type":
                    var types = keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray().Select(one => one.GetString()) : [keyword.Value.GetString()];
                    Require(types.Contains(TypeOf(value), StringComparer.Ordinal) || (types.Contains("number", StringComparer.Ordinal) && TypeOf(value) is "integer"), $"is {TypeOf(value)}, not {keyword.Value}");
                    break;
                case "enum":
                    Require(keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{value} is none of {keyword.Value}");
                    break;
                case "properties":
                    CheckFields(schema, keyword.Value, value, path, wrong);
                    break;
                case "required":
                    foreach (var name in keyword.Value.EnumerateArray().Select(one => one.GetString()!))
                    {
                        Require(value.ValueKind != JsonValueKind.Object || value.TryGetProperty(name, out _), $"lacks '{name}'");
                    }

                    break;
                case "additionalProperties":
                    break;
                case "items":
                    foreach (var (item, index) in Items(value))
                    {
                        Check(keyword.Value, item, $"{path}[{index}]", wrong);
                    }

                    break;
                case "minItems":
                    Require(Items(value).Count() >= keyword.Value.GetInt32(), "has too few items");
                    break;
                case "maxItems":
                    Require(Items(value).Count() <= keyword.Value.GetInt32(), "has too many items");
                    break;
                case "minimum":
                    Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble(), $"{value} is too small");
                    break;
                case "maximum":
                    Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= keyword.Value.GetDouble(), $"{value} is too large");
                    break;
                case "minLength":
                    Require(value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(), "is too short");
                    break;
                case "maxLength":
                    Require(value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= keyword.Value.GetInt32(), "is too long");
                    break;
                case "pattern":
                    Require(
                        value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
                        $"{value} does not match {keyword.Value}");
                    break;
                default:
                    Require(Annotations.Contains(keyword.Name, StringComparer.Ordinal), $"the schema has the keyword '{keyword.Name}', which this check does not know");
                    break;
            }
        }

        void Require(bool right, string what)
        {
            if (!right)
            {
                wrong.Add($"{path} {what}");
            }
        }
    }

    private void CheckFields(JsonElement schema, JsonElement properties, JsonElement value, string path, List<string> wrong)
    {
        foreach (var field in value.ValueKind == JsonValueKind.Object ? [.. value.EnumerateObject()] : Array.Empty<JsonProperty>())
        {
            if (properties.TryGetProperty(field.Name, out var known) || schema.TryGetProperty("additionalProperties", out known))
            {
                Check(known, field.Value, $"{path}.{field.Name}", wrong);
            }
            else
            {
                wrong.Add($"{path} has the field '{field.Name}', which the schema does not name");
            }
        }
    }

    private JsonElement Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (here, name) => here.GetProperty(name));

    private static IEnumerable<(JsonElement Item, int Index)> Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select((item, index) => (item, index)) : [];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
