using System.Collections.Immutable;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>Takes the values of a file out of its engine. Getters and proxies run as part of the file, under its limits.</summary>
internal sealed class ScriptValues(ScriptRuntime runtime)
{
    private const int MaxDepth = 32;
    private const int MaxValues = 200_000;
    private int _values;

    /// <summary>Null for null and undefined.</summary>
    /// <exception cref="ScriptException">The value is nested too deeply, refers to itself, or is far too large.</exception>
    public ConfigValue? Read(JsValue value, string path, string file)
    {
        if (++_values > MaxValues)
        {
            throw new ScriptException($"{file}: the configuration has more than {MaxValues} values; a deployment's document is never that large");
        }

        if (path.Count(c => c is '.' or '[') > MaxDepth)
        {
            throw new ScriptException($"{file}: {path[..Math.Min(path.Length, 80)]}...: the value is nested more than {MaxDepth} deep, or contains itself");
        }

        return value switch
        {
            _ when value.IsNull() || value.IsUndefined() => null,
            _ when value.IsString() => Text(value.AsString()),
            _ when value.IsNumber() => double.IsFinite(value.AsNumber()) ? new ConfigNumber(value.AsNumber()) : new ConfigOther($"{value.AsNumber()}"),
            _ when value.IsBoolean() => new ConfigFlag(value.AsBoolean()),
            _ when value.IsArray() => List(value.AsArray(), path, file),
            _ when value.IsRegExp() => new ConfigRule(new ScriptPathRule(runtime, value.AsObject(), isExpression: true), "a regular expression"),
            Function function => new ConfigRule(new ScriptPathRule(runtime, function, isExpression: false), "a function"),
            _ when value.IsDate() => new ConfigOther("a date"),
            _ when value.IsPromise() => new ConfigOther("a promise"),
            ObjectInstance instance => Object(instance, path, file),
            _ => new ConfigOther($"a {value.Type.ToString().ToLowerInvariant()}"),
        };
    }

    private static ConfigValue Text(string text) => Unicode.IsWellFormed(text) ? new ConfigText(text) : new ConfigOther("a string with half of a surrogate pair");

    private ConfigList List(JsArray array, string path, string file)
    {
        var items = ImmutableArray.CreateBuilder<ConfigValue>();
        for (uint i = 0; i < array.Length; i++)
        {
            items.Add(Read(array.Get(i), $"{path}[{i}]", file) ?? new ConfigOther("null or undefined"));
        }

        return new ConfigList(items.ToImmutable());
    }

    private ConfigObject Object(ObjectInstance instance, string path, string file)
    {
        var attributes = ImmutableArray.CreateBuilder<(string, ConfigValue)>();
        foreach (var key in instance.GetOwnPropertyKeys(Jint.Runtime.Types.String))
        {
            var name = key.AsString();
            if (instance.GetOwnProperty(key).Enumerable && Read(instance.Get(key), path.Length == 0 ? name : $"{path}.{name}", file) is { } value)
            {
                attributes.Add((name, value));
            }
        }

        return new ConfigObject(attributes.ToImmutable());
    }
}
