using System.Text.Json;
using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>What this node was told of the cluster's trust, in <c>state/cluster-trust.json</c>: a node that starts without a control node refuses those who were removed too.</summary>
internal static class ClusterTrustFile
{
    private static readonly ClusterTrust Nothing = new([]);

    /// <summary>Reads the file; one that cannot be read counts as none, because a control node tells again within seconds.</summary>
    public static ClusterTrust Load(DataFolder data)
    {
        try
        {
            return File.Exists(data.ClusterTrustFile) ? JsonSerializer.Deserialize(SecretFile.Read(data.ClusterTrustFile), ClusterTrustJson.Default.ClusterTrust) ?? Nothing : Nothing;
        }
        catch (Exception unreadable) when (unreadable is OperatorException or JsonException)
        {
            return Nothing;
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <exception cref="OperatorException">It cannot be written.</exception>
    public static void Save(DataFolder data, ClusterTrust trust) => SecretFile.Write(data.ClusterTrustFile, JsonSerializer.Serialize(trust, ClusterTrustJson.Default.ClusterTrust));
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ClusterTrust))]
internal sealed partial class ClusterTrustJson : JsonSerializerContext;
