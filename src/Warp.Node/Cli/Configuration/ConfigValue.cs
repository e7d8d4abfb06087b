using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Warp.Node.Cli.Configuration;

/// <summary>A value of a configuration file, whichever language the file is written in. What is null or undefined there is not here.</summary>
/// <param name="Kind">What it is, with its article, for messages.</param>
internal abstract record ConfigValue(string Kind)
{
    /// <summary>The same as JSON; null for what JSON has no form for.</summary>
    public abstract JsonNode? ToJson();
}

/// <summary>A string of well-formed Unicode.</summary>
internal sealed record ConfigText(string Text) : ConfigValue("a string")
{
    public override JsonNode? ToJson() => JsonValue.Create(Text);
}

/// <summary>A finite number.</summary>
internal sealed record ConfigNumber(double Number) : ConfigValue("a number")
{
    private const double MaxExact = 1L << 53;

    public override JsonNode? ToJson() => Math.Abs(Number) < MaxExact && Math.Floor(Number) == Number ? JsonValue.Create((long)Number) : JsonValue.Create(Number);

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>True or false.</summary>
internal sealed record ConfigFlag(bool Value) : ConfigValue("true or false")
{
    public override JsonNode? ToJson() => JsonValue.Create(Value);

    public override string ToString() => Value ? "true" : "false";
}

/// <summary>An array.</summary>
internal sealed record ConfigList(ImmutableArray<ConfigValue> Items) : ConfigValue("an array")
{
    public override JsonNode? ToJson() => new JsonArray([.. Items.Select(item => item.ToJson())]);
}

/// <summary>An object, its attributes in the file's order, each name once.</summary>
internal sealed record ConfigObject(ImmutableArray<(string Name, ConfigValue Value)> Attributes) : ConfigValue("an object")
{
    public static ConfigObject Empty { get; } = new([]);

    /// <summary>An attribute; null when absent.</summary>
    public ConfigValue? this[string name] => Attributes.FirstOrDefault(attribute => string.Equals(attribute.Name, name, StringComparison.Ordinal)).Value;

    public override JsonNode? ToJson() => new JsonObject(Attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value.ToJson())));
}

/// <summary>A regular expression or a function of the file.</summary>
internal sealed record ConfigRule(IPathRule Rule, string Kind) : ConfigValue(Kind)
{
    public override JsonNode? ToJson() => null;
}

/// <summary>Something that no attribute takes, such as a date, a symbol or NaN.</summary>
internal sealed record ConfigOther(string Kind) : ConfigValue(Kind)
{
    public override JsonNode? ToJson() => null;
}
