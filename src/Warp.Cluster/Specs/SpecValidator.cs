using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Specs;

/// <summary>The rules for the values of a spec. Each answers with what is wrong, for a person, or with null.</summary>
internal static partial class SpecValidator
{
    /// <summary>The most services a deployment may have.</summary>
    public const int MaxServices = 200;

    /// <summary>The most instances a service may have.</summary>
    public const int MaxReplicas = 100;

    private const string ReservedPrefix = "WARP_";

    /// <summary>The kernel's limit for one argument or variable, with its closing NUL (MAX_ARG_STRLEN, execve(2)).</summary>
    private const int MaxArgumentBytes = 128 * 1024;
    private const int MaxImageLength = 512;
    private const int MaxPathLength = 1000;

    /// <summary>An image reference, by the grammar of the distribution project (domain, path, tag, digest).</summary>
    public static string? ImageProblem(string text) =>
        text.Length <= MaxImageLength && ImageReference().IsMatch(text)
            ? null
            : $"'{(text.Length > 80 ? text[..80] + "..." : text)}' is not an image reference such as postgres:15 or registry.example.com:5000/team/app@sha256:...; the path is in lower case";

    /// <summary>One argument.</summary>
    public static string? ArgumentProblem(string text) => text switch
    {
        _ when text.Contains('\0', StringComparison.Ordinal) => "an argument may not contain NUL",
        _ when Encoding.UTF8.GetByteCount(text) >= MaxArgumentBytes => $"an argument has less than {MaxArgumentBytes} bytes",
        _ => null,
    };

    /// <summary>One environment variable.</summary>
    public static string? VariableProblem(string name, string value) => name switch
    {
        "" => "a variable needs a name",
        _ when name.Contains('=', StringComparison.Ordinal) || name.Any(char.IsControl) => "a variable's name may contain neither '=' nor control characters",
        _ when name.StartsWith(ReservedPrefix, StringComparison.Ordinal) => $"names that begin with {ReservedPrefix} are set by Warp; choose another name",
        _ when value.Contains('\0', StringComparison.Ordinal) => "a variable's value may not contain NUL",
        _ when Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) + 2 > MaxArgumentBytes => $"a variable with its name has less than {MaxArgumentBytes} bytes",
        _ => null,
    };

    /// <summary>The id of a volume or of a base domain.</summary>
    public static string? IdProblem(string text) =>
        Id().IsMatch(text) ? null : $"'{text}' is no id: use 1 to 63 lower-case letters, digits, '-', '_' and '.', the first a letter or digit";

    /// <summary>Where a volume is mounted in the container.</summary>
    public static string? MountPathProblem(string text) =>
        text.Length is > 1 and <= MaxPathLength && text[0] == '/' && !text.Any(char.IsControl) && !text.Split('/').Skip(1).Any(part => part is "" or "." or "..")
            ? null
            : $"'{(text.Length > 80 ? text[..80] + "..." : text)}' is not an absolute path in the container such as /var/lib/data (without '//', '.', '..' or a slash at its end)";

    /// <summary>Several instances and what they share.</summary>
    public static string? ReplicasProblem(int replicas, ImmutableArray<VolumeNeed> volumes) =>
        replicas > 1 && volumes.FirstOrDefault(volume => !volume.ReadOnly) is { } written
            ? $"the volume '{written.Id}' would be written by {replicas} instances; use one instance, or \"mode\": \"ro\""
            : null;

    /// <summary>Services with equal names, or with names that become one host name or one variable.</summary>
    /// <param name="names">In the document's order; null where a service has no usable name.</param>
    public static IEnumerable<SpecProblem> NameClashes(ImmutableArray<ServiceName?> names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is not { } name || !ServiceNaming.TryEncode(name, out var encoded, out _) || seen.TryAdd(encoded, i))
            {
                continue;
            }

            var first = names[seen[encoded]]!.Value;
            yield return new SpecProblem($"services[{i}].name", first == name
                ? $"two services are called '{name}' (services[{seen[encoded]}] and services[{i}]); give each its own name"
                : $"the services '{first}' (services[{seen[encoded]}]) and '{name}' would both be reached as '{encoded}{ServiceNaming.HostSuffix}'; rename one");
        }
    }

    /// <summary>Host names that two services claim.</summary>
    public static IEnumerable<SpecProblem> DomainClashes(ImmutableArray<ServiceSpec?> services)
    {
        var owners = new Dictionary<string, ServiceName>(StringComparer.Ordinal);
        for (var i = 0; i < services.Length; i++)
        {
            foreach (var domain in services[i]?.Domains ?? [])
            {
                if (!owners.TryAdd(domain, services[i]!.Name))
                {
                    yield return new SpecProblem($"services[{i}].domains", $"{domain} would lead to '{owners[domain]}' and to '{services[i]!.Name}'; give it to one of them");
                }
            }
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_.-]{0,62}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Id();

    [GeneratedRegex(
        """
        ^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?/)?
        [a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*
        (?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@[a-zA-Z][a-zA-Z0-9.+_-]*:[0-9a-fA-F]{32,128})?\z
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex ImageReference();
}
