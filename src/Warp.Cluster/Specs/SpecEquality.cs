using System.Text.Json;
using Warp.Cluster.Serialization;

namespace Warp.Cluster.Specs;

/// <summary>Whether two specs say the same (a record's own equality compares collections by reference).</summary>
internal static class SpecEquality
{
    /// <summary>Compares them by their JSON form.</summary>
    public static bool Same(DeploymentSpec left, DeploymentSpec right) => Json(left).AsSpan().SequenceEqual(Json(right));

    private static byte[] Json(DeploymentSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, WarpProtocolJson.Default.DeploymentSpec);
}
