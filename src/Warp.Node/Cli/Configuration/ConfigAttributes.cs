using System.Collections.Immutable;
using Warp.Cluster.Specs;

namespace Warp.Node.Cli.Configuration;

/// <summary>The attributes that a configuration file may have, and what is said about any other.</summary>
internal static class ConfigAttributes
{
    /// <summary>Every attribute, by the path of the object that it is in (empty for the whole, <c>volumes[]</c> for each volume).</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Known { get; } = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        [""] =
        [
            "container", "docker", "dockerfile", "build", "image", "args", "variables", "volumes", "deployment", "runner", "replicas", "health", "resources", "restart",
            "connectHold", "drain", "stopGraceSeconds", "pull",
        ],
        ["build"] = ["context", "dockerfile", "include", "exclude"],
        ["image"] = ["name"],
        ["deployment"] = ["port", "public", "baseUrl", "domains", "variables", "baseUrlId", "configId", "include", "exclude"],
        ["deployment.baseUrl"] = ["id"],
        ["health"] = ["tcp", "http", "command", "interval", "timeout", "retries", "start"],
        ["health.http"] = ["port", "path"],
        ["resources"] = ["cpus", "memory"],
        ["volumes[]"] = ["id", "description", "path", "mode"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, string> Unused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["deployment.configId"] = "is not used here: what a container may take is said by 'resources'",
        ["server"] = "is not used here: Warp runs containers. Write a Dockerfile, and 'container' with the service's name",
        ["hosting"] = "is not used here: Warp runs containers. Write a Dockerfile with a web server, and 'container' with the service's name",
        ["module"] = "is not used here: Warp runs containers. Write a Dockerfile, and 'container' with the service's name",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>What to say about the attributes of a service that have no effect, with the path of each.</summary>
    public static IEnumerable<(string Path, string Message)> Warnings(ConfigObject service) => Warnings(service, "", "");

    private static IEnumerable<(string Path, string Message)> Warnings(ConfigObject here, string path, string pattern)
    {
        var known = Known[pattern];
        foreach (var (name, value) in here.Attributes)
        {
            var (full, below) = (Join(path, name), Join(pattern, name));
            if (Unused.TryGetValue(below, out var unused))
            {
                yield return (full, unused);
            }
            else if (!known.Contains(name, StringComparer.Ordinal))
            {
                yield return (full, $"there is no such attribute; it has no effect. {Meant(name, path, known)}");
            }

            foreach (var inner in Below(value, full, below))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<(string Path, string Message)> Below(ConfigValue value, string path, string pattern) => value switch
    {
        ConfigObject inner when Known.ContainsKey(pattern) => Warnings(inner, path, pattern),
        ConfigObject inner when Known.ContainsKey(pattern + "[]") => Warnings(inner, path, pattern + "[]"),
        ConfigList list when Known.ContainsKey(pattern + "[]") => list.Items.SelectMany((item, index) => item is ConfigObject inner ? Warnings(inner, $"{path}[{index}]", pattern + "[]") : []),
        _ => [],
    };

    private static string Meant(string name, string path, ImmutableArray<string> known)
    {
        // The same name elsewhere, in the outermost object first.
        var owners = Known.Where(group => group.Value.Contains(name, StringComparer.Ordinal)).Select(group => group.Key);
        if (owners.OrderBy(owner => owner.Count(c => c is '.' or '[')).ThenBy(owner => owner, StringComparer.Ordinal).FirstOrDefault() is { } owner)
        {
            return $"Did you mean '{Join(owner, name)}'?";
        }

        return NearestName.Of(name, known) is { } near ? $"Did you mean '{Join(path, near)}'?" : $"Known are: {string.Join(", ", known)}";
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
