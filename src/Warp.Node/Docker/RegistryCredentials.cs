using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Warp.Node.Docker;

/// <summary>The passwords that <c>docker login</c> left on this runner (docs.docker.com/reference/cli/docker/login: field <c>auths</c>, base64 of user and password).</summary>
/// <param name="file">The file; null when there is none. One that cannot be read counts as none: the registry then says that it wants a login.</param>
internal sealed class RegistryCredentials(string? file) : IRegistryLogins
{
    /// <inheritdoc/>
    public LoginSearch Find(string registry) => new(All().FirstOrDefault(login => string.Equals(login.Registry, registry, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public ImmutableArray<RegistryLogin> All()
    {
        try
        {
            if (file is null || !File.Exists(file))
            {
                return [];
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.TryGetProperty("auths", out var logins) ? [.. logins.EnumerateObject().Select(Read).OfType<RegistryLogin>()] : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            return [];
        }
    }

    private static RegistryLogin? Read(JsonProperty entry) =>
        entry.Value.TryGetProperty("auth", out var secret) && Encoding.UTF8.GetString(secret.GetBytesFromBase64()).Split(':', 2) is [var user, var password]
            ? new RegistryLogin(HostOf(entry.Name), user, password)
            : null;

    // Keys are hosts, or URLs as older versions wrote them; the hub's is always one.
    private static string HostOf(string key)
    {
        var host = key.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(key, UriKind.Absolute, out var url) ? url.Authority : key;
        return string.Equals(host, "index.docker.io", StringComparison.Ordinal) ? ImageReference.DefaultRegistry : host;
    }
}
