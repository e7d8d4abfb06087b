using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Warp.Cluster.Specs;

/// <summary>
/// Identifies what a service's container is made of: a container with another hash is not the wanted one and is replaced. Name, image, arguments, variables, port, resources and
/// mounted volumes count; what the platform does with the container (pull, placement, health, restart, routing, stopping) does not, because no container has to be made anew for it.
/// </summary>
public static class ServiceSpecHash
{
    /// <summary>The hash: SHA-256 of a canonical JSON form (fixed field order, variables in ordinal order, absent port left out), as 64 lower-case hexadecimal digits.</summary>
    /// <remarks>Containers carry it for years: a new field of the spec may enter the canonical form only when it is set.</remarks>
    public static string Of(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, spec);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, ServiceSpec spec)
    {
        json.WriteStartObject();
        json.WriteString("name", spec.Name.Value);
        json.WriteString("image", spec.Image);
        json.WriteStartArray("args");
        foreach (var arg in spec.Args)
        {
            json.WriteStringValue(arg);
        }

        json.WriteEndArray();
        json.WriteStartObject("variables");
        foreach (var (name, value) in spec.Variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        if (spec.Port is { } port)
        {
            json.WriteNumber("port", port);
        }

        Write(json, spec.Resources);
        Write(json, spec.Volumes);

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ResourceLimits? resources)
    {
        if (resources?.MilliCpus is { } cpus)
        {
            json.WriteNumber("milliCpus", cpus);
        }

        if (resources?.MemoryBytes is { } memory)
        {
            json.WriteNumber("memoryBytes", memory);
        }
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<VolumeNeed> volumes)
    {
        if (volumes.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            json.WriteStartObject();
            json.WriteString("id", volume.Id);
            json.WriteString("path", volume.Path);
            json.WriteBoolean("readOnly", volume.ReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
