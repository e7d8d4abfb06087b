using System.Text.Json;
using System.Text.Json.Serialization;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The removals that this node has heard of, in <c>state/removed-runners.json</c>: a node that starts without a control node refuses them too.</summary>
internal static class RemovedRunnersFile
{
    /// <summary>Reads the file; one that cannot be read counts as none, because a control node tells again within seconds.</summary>
    public static RemovedRunners Load(DataFolder data)
    {
        try
        {
            return File.Exists(data.RemovedRunnersFile) && JsonSerializer.Deserialize(SecretFile.Read(data.RemovedRunnersFile), RemovedRunnersJson.Default.ClusterTrust) is { } kept
                ? RemovedRunners.None.With(kept.Removals)
                : RemovedRunners.None;
        }
        catch (Exception unreadable) when (unreadable is OperatorException or JsonException)
        {
            return RemovedRunners.None;
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <exception cref="OperatorException">It cannot be written.</exception>
    public static void Save(DataFolder data, RemovedRunners removed) =>
        SecretFile.Write(data.RemovedRunnersFile, JsonSerializer.Serialize(new ClusterTrust(removed.All), RemovedRunnersJson.Default.ClusterTrust));
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ClusterTrust))]
internal sealed partial class RemovedRunnersJson : JsonSerializerContext;
