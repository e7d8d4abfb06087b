using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Serialization;

/// <summary>
/// The one serializer of all <see cref="IWarpMessage"/>s: JSON in UTF-8, named by a manifest of <see cref="WarpManifests"/>. A manifest that this version does not know is an error of the one
/// message, so that nodes of different versions can live in one cluster.
/// </summary>
/// <param name="system">The system that it serves.</param>
public sealed class WarpProtocolSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <inheritdoc/>
    public override int Identifier => 4701;

    /// <inheritdoc/>
    public override string Manifest(object o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return WarpManifests.ByType.TryGetValue(o.GetType(), out var manifest)
            ? manifest
            : throw new SerializationException($"{o.GetType()} has no manifest; add it to {nameof(WarpManifests)}");
    }

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, WarpManifests.ByManifest[Manifest(obj)]);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!WarpManifests.ByManifest.TryGetValue(manifest, out var form))
        {
            throw new SerializationException($"the manifest '{manifest}' is not known to this version of Warp; a newer node of the cluster or an older journal wrote it");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, form) ?? throw new SerializationException($"the content of a '{manifest}' is null");
        }
        catch (JsonException e)
        {
            throw new SerializationException($"the content of a '{manifest}' cannot be read: {e.Message}", e);
        }
    }
}
