using System.Text.Json.Nodes;

namespace Warp.Node.Cli.Configuration;

/// <summary>One service of a configuration file.</summary>
/// <param name="Name">The service's name, as the API will judge it.</param>
/// <param name="Entry">The service as an entry of the API's <c>services</c>; without <c>image</c> while <paramref name="Build"/> has not been done.</param>
/// <param name="Build">What its image is built from; null when it has one.</param>
/// <param name="Origin">Where in the files each field of the entry comes from.</param>
internal sealed record ServiceConfig(string Name, JsonObject Entry, BuildConfig? Build, FieldOrigins Origin);

/// <summary>What an image is built from.</summary>
/// <param name="Context">Full path of the folder.</param>
/// <param name="Dockerfile">Full path.</param>
/// <param name="Include">Which files are sent; null for all.</param>
/// <param name="Exclude">Which of them are not; null for none beside those of <c>.dockerignore</c>.</param>
internal sealed record BuildConfig(string Context, string Dockerfile, IPathRule? Include, IPathRule? Exclude);

/// <summary>Finds for a field of the API's entry the attribute that it was made from.</summary>
/// <param name="document">The file.</param>
/// <param name="service">Path of the service in it: empty, or <c>[1]</c> in an array.</param>
internal sealed class FieldOrigins(ConfigDocument document, string service)
{
    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    public string File => document.File;

    public void Add(string field, string attribute) => _attributes[field] = attribute;

    /// <summary>A problem of the field, with file, line and attribute.</summary>
    /// <param name="field">Within the entry, such as <c>health.tcp</c>; empty for the service as a whole.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public string At(string field, string message)
    {
        for (var known = field; known.Length > 0; known = known[..Math.Max(0, known.LastIndexOfAny(['.', '[']))])
        {
            if (_attributes.TryGetValue(known, out var attribute))
            {
                return AtAttribute(attribute + field[known.Length..], message);
            }
        }

        return AtAttribute(field, message);
    }

    /// <summary>The same for an attribute of the file.</summary>
    public string AtAttribute(string attribute, string message) =>
        document.At(service.Length == 0 || attribute.Length == 0 ? service + attribute : $"{service}.{attribute}", message);
}
