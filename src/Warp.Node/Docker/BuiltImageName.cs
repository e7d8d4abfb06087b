using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>
/// The names of images that Warp builds: <c>warp.build/DEPLOYMENT/SERVICE:ID</c>, with the service's encoded form and the first twelve digits of the image's id. There is no registry
/// of that name: a runner that lacks such an image gets it from one that has it.
/// </summary>
internal static class BuiltImageName
{
    private const string Prefix = "warp.build/";
    private const int IdDigits = 12;

    /// <summary>The engine's filter for them (Docker Engine API, parameter <c>filters</c> of <c>GET /images/json</c>).</summary>
    public static IDictionary<string, IDictionary<string, bool>> Filter => new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
    {
        ["reference"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{Prefix}*/*"] = true },
    };

    /// <summary>Whether Warp built it.</summary>
    public static bool Is(string reference) => reference.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The name without the tag, of all images of one service.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="service">The service.</param>
    /// <param name="problem">Why the service cannot have one, for a person; null when it can.</param>
    public static string? Repository(DeploymentName deployment, ServiceName service, out string? problem) =>
        ServiceNaming.TryEncode(service, out var encoded, out problem)
            ? $"{Prefix}{deployment}/{Path(encoded)}"
            : null;

    /// <summary>The tag.</summary>
    /// <param name="imageId"><c>sha256:</c> and 64 hex digits.</param>
    public static string Tag(string imageId) => imageId[(imageId.IndexOf(':', StringComparison.Ordinal) + 1)..][..IdDigits];

    // In a reference a path begins with a letter or a digit (github.com/distribution/reference); an encoded name may begin with '-'.
    private static string Path(string encoded) => encoded.TrimStart('-');
}
