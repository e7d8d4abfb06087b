using System.Globalization;

namespace Warp.Node.Cli.Configuration;

/// <summary>A configuration file that was read.</summary>
/// <param name="File">Its absolute path.</param>
/// <param name="Root">What it says.</param>
/// <param name="Places">Where each attribute is written.</param>
/// <param name="Notes">What the file's author should know, or wrote to the console; for standard error.</param>
internal sealed record ConfigDocument(string File, ConfigValue Root, ConfigPlaces Places, IReadOnlyList<string> Notes)
{
    /// <summary>A message with the file, and the line and column of the attribute where they are known.</summary>
    /// <param name="path">The attribute, such as <c>deployment.port</c> or <c>[1].variables.A</c>; empty for the whole.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public string At(string path, string message)
    {
        var attribute = path.Length == 0 ? "" : $" {path}:";
        return Places.Find(path) is { } place
            ? string.Create(CultureInfo.InvariantCulture, $"{File}:{place.Line}:{place.Column}:{attribute} {message}")
            : $"{File}:{attribute} {message}";
    }
}

/// <summary>A place in a file, both from 1.</summary>
internal readonly record struct ConfigPlace(long Line, long Column);

/// <summary>Where the attributes of a file are written, as far as that can be told from its text.</summary>
internal sealed class ConfigPlaces
{
    private readonly Dictionary<string, ConfigPlace?> _byPath = new(StringComparer.Ordinal);

    /// <summary>Notes a place. A path or a name that is written twice leads to neither.</summary>
    public void Add(string path, ConfigPlace place)
    {
        foreach (var key in (ReadOnlySpan<string>)[path, "*" + path[(path.LastIndexOf('.') + 1)..]])
        {
            _byPath[key] = _byPath.ContainsKey(key) ? null : place;
        }
    }

    /// <summary>The attribute's place, else that of the only attribute with its name, else that of the attribute around it; null when nothing is known.</summary>
    public ConfigPlace? Find(string path)
    {
        for (var here = path; here.Length > 0; here = Parent(here))
        {
            var withoutIndex = here.StartsWith('[') ? here[(here.IndexOf(']', StringComparison.Ordinal) + 1)..].TrimStart('.') : here;
            var place = _byPath.GetValueOrDefault(here) ?? _byPath.GetValueOrDefault(withoutIndex) ?? _byPath.GetValueOrDefault("*" + here[(here.LastIndexOf('.') + 1)..]);
            if (place is not null)
            {
                return place;
            }
        }

        return null;
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
