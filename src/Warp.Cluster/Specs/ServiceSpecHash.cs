using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Warp.Cluster.Specs;

/// <summary>
/// Identifies what a service's container is made of: a container with another hash is not the wanted one and is replaced. Name, image, arguments, variables and port count;
/// pull policy, runner and stop grace do not, because no container has to be made anew for them.
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

        json.WriteEndObject();
    }
}
