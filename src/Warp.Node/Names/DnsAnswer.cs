using System.Buffers.Binary;
using System.Text;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>
/// Writes the answers that the node gives by itself (RFC 1035, section 4.1): one address, one name, or none. Each fits into the 512 bytes that every client takes.
/// </summary>
internal ref struct DnsAnswer
{
    private const int Longest = 512;
    private const ushort ClassIn = 1;
    private const ushort UdpSize = 1232;
    private const byte ResponseAuthoritative = 0x84;
    private const byte RecursionDesired = 0x01;
    private const byte RecursionAvailable = 0x80;
    private const byte CheckingDisabled = 0x10;

    // Short, because services come, go and change their names; both directions of "there is one" and "there is none" are looked up again soon.
    private const uint Seconds = 2;

    private readonly Span<byte> _bytes;
    private int _length;

    private DnsAnswer(ReadOnlySpan<byte> query, in DnsQuestion question, DnsOutcome outcome)
    {
        _bytes = new byte[Longest];
        query[..question.End].CopyTo(_bytes);
        _length = question.End;
        _bytes[2] = (byte)(ResponseAuthoritative | (query[2] & RecursionDesired));
        _bytes[3] = (byte)(RecursionAvailable | (query[3] & CheckingDisabled) | (byte)outcome);
        _bytes[6..DnsQuestion.Start].Clear();
    }

    /// <summary>The address of the name.</summary>
    public static byte[] Address(ReadOnlySpan<byte> query, in DnsQuestion question, Ipv4Address address)
    {
        var answer = new DnsAnswer(query, question, DnsOutcome.Done);
        answer.Begin(DnsType.A, 6, DnsQuestion.Start);
        answer.Write16(4);
        answer.Write32(address.Bits);
        return answer.End(question);
    }

    /// <summary>The name of the address that the question names.</summary>
    public static byte[] Name(ReadOnlySpan<byte> query, in DnsQuestion question, string name)
    {
        var answer = new DnsAnswer(query, question, DnsOutcome.Done);
        answer.Begin(DnsType.Ptr, 6, DnsQuestion.Start);
        answer.Write16((ushort)(name.Length + 2));
        foreach (var label in name.Split('.'))
        {
            answer._bytes[answer._length++] = (byte)label.Length;
            answer._length += Encoding.ASCII.GetBytes(label, answer._bytes[answer._length..]);
        }

        answer._bytes[answer._length++] = 0;
        return answer.End(question);
    }

    /// <summary>No record, and who says so for how long (RFC 2308, section 3).</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="question">Its question.</param>
    /// <param name="outcome"><see cref="DnsOutcome.Done"/> when the name is known but has nothing of the type.</param>
    /// <param name="zone">Where in the query the name of the zone begins.</param>
    public static byte[] None(ReadOnlySpan<byte> query, in DnsQuestion question, DnsOutcome outcome, int zone)
    {
        var answer = new DnsAnswer(query, question, outcome);
        answer.Begin(DnsType.Soa, 8, zone);
        answer.Write16((2 * 2) + (5 * 4));
        answer.WritePointer(zone);
        answer.WritePointer(zone);
        foreach (var field in (ReadOnlySpan<uint>)[1, Seconds, Seconds, Seconds, Seconds])
        {
            answer.Write32(field);
        }

        return answer.End(question);
    }

    /// <summary>No record and nothing more to say.</summary>
    public static byte[] Failure(ReadOnlySpan<byte> query, in DnsQuestion question, DnsOutcome outcome)
    {
        var answer = new DnsAnswer(query, question, outcome);
        return answer.End(question);
    }

    private void Begin(DnsType type, int countAt, int owner)
    {
        _bytes[countAt + 1] = 1;
        WritePointer(owner);
        Write16((ushort)type);
        Write16(ClassIn);
        Write32(Seconds);
    }

    private byte[] End(in DnsQuestion question)
    {
        if (question.HasEdns)
        {
            _bytes[11] = 1;
            _bytes[_length++] = 0;
            Write16((ushort)DnsType.Opt);
            Write16(UdpSize);
            Write32(0);
            Write16(0);
        }

        return _bytes[.._length].ToArray();
    }

    private void WritePointer(int to) => Write16((ushort)(0xC000 | to));

    private void Write16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes[_length..], value);
        _length += 2;
    }

    private void Write32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes[_length..], value);
        _length += 4;
    }
}
