using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Warp.Node.Diagnosis.Paths;

/// <summary>One question for the IPv4 addresses of a name, and what its answer says (RFC 1035, section 4). Only for our own resolver's answers: nothing is followed.</summary>
internal static class AddressQuery
{
    private const int Header = 12;
    private const ushort TypeA = 1;
    private const ushort ClassIn = 1;
    private const byte Pointer = 0xC0;

    /// <summary>The question as bytes.</summary>
    public static byte[] Of(string name)
    {
        using var query = new MemoryStream();
        query.Write([0x57, 0x41, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (var label in name.Split('.'))
        {
            query.WriteByte((byte)label.Length);
            query.Write(Encoding.ASCII.GetBytes(label));
        }

        query.Write([0, 0, (byte)TypeA, 0, (byte)ClassIn]);
        return query.ToArray();
    }

    /// <summary>The addresses in an answer; none when it is not well formed.</summary>
    public static ImmutableArray<IPAddress> Addresses(ReadOnlySpan<byte> answer)
    {
        var found = ImmutableArray.CreateBuilder<IPAddress>();
        if (answer.Length < Header || !TrySkipName(answer, Header, out var at))
        {
            return [];
        }

        at += 4;
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(answer[6..]); left > 0 && TrySkipName(answer, at, out at) && at + 10 <= answer.Length; left--)
        {
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(answer[at..]), BinaryPrimitives.ReadUInt16BigEndian(answer[(at + 8)..]));
            at += 10;
            if (type == TypeA && length == 4 && at + length <= answer.Length)
            {
                found.Add(new IPAddress(answer.Slice(at, length)));
            }

            at += length;
        }

        return found.DrainToImmutable();
    }

    private static bool TrySkipName(ReadOnlySpan<byte> answer, int from, out int after)
    {
        for (after = from; after < answer.Length; after += answer[after] + 1)
        {
            if (answer[after] == 0)
            {
                after++;
                return true;
            }

            if ((answer[after] & Pointer) == Pointer)
            {
                after += 2;
                return after <= answer.Length;
            }
        }

        return false;
    }
}
