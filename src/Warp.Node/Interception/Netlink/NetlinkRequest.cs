using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Warp.Node.Interception.Netlink;

/// <summary>Builds one netlink message (netlink(7)): header, the family's own header, attributes. Header fields are in host byte order.</summary>
internal sealed class NetlinkRequest
{
    private const int HeaderSize = 16;
    private const int AttributeHeaderSize = 4;
    private const int NestedFlag = 0x8000;
    private readonly List<byte> _bytes = [.. new byte[HeaderSize]];
    private readonly ushort _type;
    private readonly int _flags;

    /// <summary>Begins a message.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="flags">Flags beside <see cref="NetlinkFlags.Request"/>.</param>
    /// <param name="familyHeader">Such as <c>rtmsg</c> or <c>nfgenmsg</c>; a multiple of four bytes.</param>
    public NetlinkRequest(int type, int flags, ReadOnlySpan<byte> familyHeader)
    {
        _type = (ushort)type;
        _flags = flags | NetlinkFlags.Request;
        _bytes.AddRange(familyHeader);
    }

    /// <summary>Appends an attribute, padded to four bytes.</summary>
    public NetlinkRequest With(int attribute, ReadOnlySpan<byte> payload)
    {
        _bytes.AddRange(Attribute(attribute, payload));
        return this;
    }

    /// <summary>Appends an attribute that is made already.</summary>
    public NetlinkRequest With(byte[] attribute)
    {
        _bytes.AddRange(attribute);
        return this;
    }

    /// <summary>One attribute, padded to four bytes: to be put into another one.</summary>
    public static byte[] Attribute(int type, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[(AttributeHeaderSize + payload.Length + 3) & ~3];
        MemoryMarshal.Write(bytes, (ushort)(AttributeHeaderSize + payload.Length));
        MemoryMarshal.Write(bytes.AsSpan(2), (ushort)type);
        payload.CopyTo(bytes.AsSpan(AttributeHeaderSize));
        return bytes;
    }

    /// <summary>An attribute that holds others.</summary>
    public static byte[] Nested(int type, params ReadOnlySpan<byte[]> attributes) => Attribute(type | NestedFlag, [.. attributes.ToArray().SelectMany(bytes => bytes)]);

    /// <summary>Appends a text with its closing zero.</summary>
    public NetlinkRequest With(int attribute, string text) => With(attribute, Encoding.ASCII.GetBytes(text + '\0'));

    /// <summary>Appends a number in network byte order.</summary>
    public NetlinkRequest WithBigEndian(int attribute, uint number)
    {
        Span<byte> payload = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        return With(attribute, payload);
    }

    /// <summary>Appends a number in host byte order.</summary>
    public NetlinkRequest WithNative(int attribute, uint number)
    {
        Span<byte> payload = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(payload, number);
        return With(attribute, payload);
    }

    /// <summary>The message's bytes.</summary>
    public byte[] ToBytes(uint sequence)
    {
        var message = _bytes.ToArray();
        MemoryMarshal.Write(message, (uint)message.Length);
        MemoryMarshal.Write(message.AsSpan(4), _type);
        MemoryMarshal.Write(message.AsSpan(6), (ushort)_flags);
        MemoryMarshal.Write(message.AsSpan(8), sequence);
        return message;
    }
}

/// <summary>Flags of a request: <c>NLM_F_*</c>. The same bit means something else for each kind of request, so they are no enum.</summary>
internal static class NetlinkFlags
{
    /// <summary>Nothing special.</summary>
    public const int None = 0;

    /// <summary>It is a request.</summary>
    public const int Request = 0x1;

    /// <summary>Answer with an acknowledgement.</summary>
    public const int Acknowledge = 0x4;

    /// <summary>To a "get": answer with all objects.</summary>
    public const int Dump = 0x300;

    /// <summary>To a "new": replace what is there.</summary>
    public const int Replace = 0x100;

    /// <summary>To a "new": make it when it is not there.</summary>
    public const int Create = 0x400;

    /// <summary>To a "new": put it behind what is there.</summary>
    public const int Append = 0x800;
}
