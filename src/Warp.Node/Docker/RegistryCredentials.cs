using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;

namespace Warp.Node.Docker;

/// <summary>The passwords that <c>docker login</c> left on this runner (docs.docker.com/reference/cli/docker/login: field <c>auths</c>, base64 of user and password).</summary>
internal static class RegistryCredentials
{
    private const string HubKey = "https://index.docker.io/v1/";

    /// <summary>The login for a registry; without user and password when the file has none for it or cannot be read, which the registry then answers.</summary>
    /// <param name="file">The file; null when there is none.</param>
    /// <param name="registry">Host and port, "docker.io" for the hub.</param>
    public static AuthConfig Find(string? file, string registry)
    {
        try
        {
            if (file is not null && File.Exists(file))
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(file));
                foreach (var key in (string[])[registry, $"https://{registry}", string.Equals(registry, "docker.io", StringComparison.Ordinal) ? HubKey : $"https://{registry}/v2/"])
                {
                    if (document.RootElement.TryGetProperty("auths", out var logins)
                        && logins.TryGetProperty(key, out var login)
                        && login.TryGetProperty("auth", out var secret)
                        && Encoding.UTF8.GetString(secret.GetBytesFromBase64()).Split(':', 2) is [var user, var password])
                    {
                        return new AuthConfig { Username = user, Password = password, ServerAddress = key };
                    }
                }
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            return new AuthConfig();
        }

        return new AuthConfig();
    }
}
