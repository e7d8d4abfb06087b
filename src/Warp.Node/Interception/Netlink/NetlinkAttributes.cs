using System.Runtime.InteropServices;

namespace Warp.Node.Interception.Netlink;

/// <summary>Walks a run of netlink attributes without copying: <c>while (attributes.Next())</c>.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private const int HeaderSize = 4;
    private const int TypeMask = 0x3fff;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The current attribute's type, without the flags for nesting and byte order.</summary>
    public int Type { get; private set; }

    /// <summary>The current attribute's payload, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Goes to the next attribute; false at the end or where the bytes make no sense.</summary>
    public bool Next()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        Payload = _rest[HeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The payload of the first attribute of that type; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, int type)
    {
        var attributes = new NetlinkAttributes(bytes);
        while (attributes.Next())
        {
            if (attributes.Type == type)
            {
                return attributes.Payload;
            }
        }

        return default;
    }
}
