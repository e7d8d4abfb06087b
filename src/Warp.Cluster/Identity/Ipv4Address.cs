using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warp.Cluster.Identity;

/// <summary>An IPv4 address as a comparable value without allocation; <see cref="Bits"/> is in host byte order.</summary>
/// <param name="Bits">The 32 bits, most significant octet first.</param>
[JsonConverter(typeof(Ipv4AddressJsonConverter))]
public readonly record struct Ipv4Address(uint Bits) : IComparable<Ipv4Address>
{
    /// <summary>Parses dotted decimal (four octets, nothing else).</summary>
    public static bool TryParse(string? text, out Ipv4Address address)
    {
        address = default;
        if (text is null || text.Count(c => c == '.') != 3 || !IPAddress.TryParse(text, out var ip) || ip.AddressFamily != AddressFamily.InterNetwork)
        {
            return false;
        }

        address = From(ip);
        return true;
    }

    /// <summary>Parses dotted decimal.</summary>
    /// <exception cref="FormatException">The text is not an IPv4 address.</exception>
    public static Ipv4Address Parse(string text) => TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv4 address");

    /// <summary>Converts from the framework's type.</summary>
    /// <exception cref="ArgumentException">The address is not IPv4 (nor IPv4 mapped into IPv6).</exception>
    public static Ipv4Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[4];
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(octets, out var written) && written == 4
            ? new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(octets))
            : throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
    }

    /// <summary>Converts to the framework's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, Bits);
        return new IPAddress(octets);
    }

    /// <inheritdoc/>
    public int CompareTo(Ipv4Address other) => Bits.CompareTo(other.Bits);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Bits >> 24}.{(Bits >> 16) & 255}.{(Bits >> 8) & 255}.{Bits & 255}");

    /// <summary>Order by value.</summary>
    public static bool operator <(Ipv4Address left, Ipv4Address right) => left.Bits < right.Bits;

    /// <summary>Order by value.</summary>
    public static bool operator >(Ipv4Address left, Ipv4Address right) => left.Bits > right.Bits;

    /// <summary>Order by value.</summary>
    public static bool operator <=(Ipv4Address left, Ipv4Address right) => left.Bits <= right.Bits;

    /// <summary>Order by value.</summary>
    public static bool operator >=(Ipv4Address left, Ipv4Address right) => left.Bits >= right.Bits;
}

/// <summary>Reads and writes an address as dotted decimal.</summary>
public sealed class Ipv4AddressJsonConverter : JsonConverter<Ipv4Address>
{
    /// <inheritdoc/>
    public override Ipv4Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Ipv4Address.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("an IPv4 address is expected here");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Ipv4Address value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
