using System.IO.Compression;
using System.Text.Json;
using Warp.Cluster.Serialization;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>A spec that is kept for a rollback: its JSON form in a gzip stream (RFC 1952), because a state holds several and each may have a megabyte of variables.</summary>
internal static class PackedSpec
{
    /// <summary>Packs.</summary>
    public static ReadOnlyMemory<byte> Pack(DeploymentSpec spec)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(gzip, spec, WarpProtocolJson.Default.DeploymentSpec);
        }

        return packed.ToArray();
    }

    /// <summary>Unpacks what <see cref="Pack"/> made.</summary>
    public static DeploymentSpec Unpack(ReadOnlyMemory<byte> packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, WarpProtocolJson.Default.DeploymentSpec) ?? throw new JsonException("a packed spec is null");
    }
}
