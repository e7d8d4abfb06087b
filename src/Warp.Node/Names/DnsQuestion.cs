using System.Buffers.Binary;
using System.Text;

namespace Warp.Node.Names;

/// <summary>
/// The question of a query (RFC 1035, section 4.1), which is all that is ever read of what a container sends. What is not ours is passed on as the bytes that came, so that
/// whatever they carry beside the question arrives unchanged.
/// </summary>
/// <param name="Name">In lower case, labels joined by dots; a dot or backslash within a label has a backslash before it. The root is "".</param>
/// <param name="Type">What is asked for.</param>
/// <param name="Class">In which class.</param>
/// <param name="End">Where the question ends in the query.</param>
/// <param name="Parent">Where the name without its first label begins in the query.</param>
/// <param name="LastLabel">Where the name's last label begins in the query.</param>
/// <param name="HasEdns">Whether the query has an OPT record, which an answer then has too (RFC 6891, 6.1.1).</param>
internal readonly record struct DnsQuestion(string Name, ushort Type, ushort Class, int End, int Parent, int LastLabel, bool HasEdns)
{
    /// <summary>Where the question begins: behind the header.</summary>
    public const int Start = 12;

    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const byte ResponseOrOpcode = 0xF8;

    /// <summary>Reads a standard query with exactly one question; everything else is none. The cost is bounded by the longest name: nothing is followed, since a pointer in the first name could only lead back to it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> query, out DnsQuestion question)
    {
        question = default;
        if (query.Length < Start || (query[2] & ResponseOrOpcode) != 0 || Count(query, 4) != 1 || Count(query, 6) != 0 || Count(query, 8) != 0)
        {
            return false;
        }

        var name = new StringBuilder();
        var (at, parent, last) = (Start, Start, Start);
        while (true)
        {
            if (at >= query.Length || query[at] > LongestLabel || at - Start + query[at] + 1 > LongestName || at + query[at] + 1 > query.Length)
            {
                return false;
            }

            var length = query[at];
            if (length == 0)
            {
                at++;
                break;
            }

            Append(name, query.Slice(at + 1, length));
            (last, at) = (at, at + 1 + length);
            parent = parent == Start ? at : parent;
        }

        if (at + 4 > query.Length)
        {
            return false;
        }

        var end = at + 4;
        question = new DnsQuestion(name.ToString(), Count(query, at), Count(query, at + 2), end, parent, last, Count(query, 10) > 0 && BeginsWithOpt(query[end..]));
        return true;
    }

    private static ushort Count(ReadOnlySpan<byte> query, int at) => BinaryPrimitives.ReadUInt16BigEndian(query[at..]);

    private static void Append(StringBuilder name, ReadOnlySpan<byte> label)
    {
        if (name.Length > 0)
        {
            name.Append('.');
        }

        foreach (var octet in label)
        {
            var character = (char)octet;
            if (character is '.' or '\\')
            {
                name.Append('\\');
            }

            name.Append(char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : character);
        }
    }

    // The root's name and the type; the record's fixed part has 11 bytes.
    private static bool BeginsWithOpt(ReadOnlySpan<byte> additional) => additional.Length >= 11 && additional[0] == 0 && Count(additional, 1) == (ushort)DnsType.Opt;
}
