using System.Globalization;

namespace Warp.Cluster.Identity;

/// <summary>A CIDR range such as <c>10.201.0.0/16</c>.</summary>
/// <param name="Network">The first address; its host bits are zero.</param>
/// <param name="PrefixLength">0 to 32.</param>
public readonly record struct Ipv4Range(Ipv4Address Network, int PrefixLength)
{
    /// <summary>How many addresses are in it, network and broadcast address included.</summary>
    public long Size => 1L << (32 - PrefixLength);

    /// <summary>The last address.</summary>
    public Ipv4Address Last => new((uint)(Network.Bits + (Size - 1)));

    /// <summary>Parses <c>a.b.c.d/n</c>; host bits must be zero.</summary>
    public static bool TryParse(string? text, out Ipv4Range range)
    {
        range = default;
        var parts = text?.Split('/');
        if (parts is not { Length: 2 }
            || !Ipv4Address.TryParse(parts[0], out var network)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > 32)
        {
            return false;
        }

        range = new Ipv4Range(network, prefix);
        return range.Contains(network) && (network.Bits & (uint)(range.Size - 1)) == 0;
    }

    /// <summary>Parses <c>a.b.c.d/n</c>.</summary>
    /// <exception cref="FormatException">The text is not a range.</exception>
    public static Ipv4Range Parse(string text) => TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not an IPv4 range such as 10.201.0.0/16");

    /// <summary>Whether the address lies in the range.</summary>
    public bool Contains(Ipv4Address address) => address >= Network && address <= Last;

    /// <summary>Whether the two ranges share an address.</summary>
    public bool Overlaps(Ipv4Range other) => Contains(other.Network) || other.Contains(Network);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");
}
