using System.Buffers.Text;
using System.Text.Json;

namespace Warp.Node.Docker;

/// <summary>Logins as the engine's headers carry them (Docker Engine API, "Authentication"): JSON in base64url, RFC 4648 section 5.</summary>
internal static class EngineLogins
{
    private const string HubKey = "https://index.docker.io/v1/";

    /// <summary>The key by which the engine looks for a registry's login.</summary>
    public static string KeyOf(string registry) => string.Equals(registry, ImageReference.DefaultRegistry, StringComparison.Ordinal) ? HubKey : registry;

    /// <summary>The header <c>X-Registry-Config</c>, with every login.</summary>
    public static string All(IRegistryLogins logins)
    {
        var all = new Dictionary<string, EngineLogin>(StringComparer.Ordinal);
        foreach (var login in logins.All())
        {
            all[KeyOf(login.Registry)] = Form(login);
        }

        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(all, EngineJson.Default.DictionaryStringEngineLogin));
    }

    /// <summary>The header <c>X-Registry-Auth</c>, with one login.</summary>
    public static string Of(RegistryLogin login) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(Form(login), EngineJson.Default.EngineLogin));

    private static EngineLogin Form(RegistryLogin login) => new(login.Username, login.Password, KeyOf(login.Registry));
}
