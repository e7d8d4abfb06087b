using System.Buffers.Binary;
using System.Text;
using ARSoft.Tools.Net.Dns;

namespace Warp.Node.Tests.Names;

/// <summary>Queries as clients write them.</summary>
internal static class Query
{
    public static byte[] Of(string name, RecordType type = RecordType.A, ushort number = 0x1234, params IReadOnlyList<byte> additional)
    {
        var bytes = new List<byte> { (byte)(number >> 8), (byte)number, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(additional.Count > 0 ? 1 : 0) };
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.AddRange([0, (byte)((int)type >> 8), (byte)type, 0, 1, .. additional]);
        return [.. bytes];
    }

    /// <summary>An OPT record with an option that nobody has invented yet.</summary>
    public static byte[] Edns(ushort payloadSize)
    {
        byte[] record = [0, 0, 41, 0, 0, 0, 0, 0, 0, 0, 6, 0xFE, 0x0B, 0, 2, 0xAB, 0xCD];
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), payloadSize);
        return record;
    }
}
