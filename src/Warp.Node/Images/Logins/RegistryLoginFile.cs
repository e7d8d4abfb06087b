using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;
using Warp.Cluster.Registries;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Images.Logins;

/// <summary>The cluster's logins on this runner's disk: <c>state/registry-logins.json</c>, mode 0600, passwords sealed. The last that was written is also in memory.</summary>
internal sealed class RegistryLoginFile : IRegistryLoginStore
{
    private readonly string _path;
    private volatile RegistryLogins _current;

    /// <summary>With what the disk has; a file that cannot be read counts as none, because the control node sends its content again.</summary>
    /// <param name="path">The file.</param>
    public RegistryLoginFile(string path)
    {
        _path = path;
        _current = Load(path);
    }

    /// <summary>The logins, sealed.</summary>
    public ImmutableArray<SealedLogin> Current => _current.Logins;

    /// <inheritdoc/>
    public Task SaveAsync(RegistryLogins logins, CancellationToken cancellationToken)
    {
        _current = logins;
        return Task.Run(() => Write(logins), cancellationToken);
    }

    private void Write(RegistryLogins logins)
    {
        try
        {
            SecretFile.Write(_path, JsonSerializer.Serialize(logins, RegistryLoginJson.Default.RegistryLogins));
        }
        catch (OperatorException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private static RegistryLogins Load(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize(SecretFile.Read(path), RegistryLoginJson.Default.RegistryLogins) is { } stored ? stored : new RegistryLogins([]);
        }
        catch (Exception unreadable) when (unreadable is OperatorException or JsonException)
        {
            return new RegistryLogins([]);
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RegistryLogins))]
internal sealed partial class RegistryLoginJson : JsonSerializerContext;
