using System.Buffers.Binary;
using System.Text;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Rules;

namespace Warp.Node.Interception.Netlink;

/// <summary>Reads what the kernel has under our table's name (the messages of linux/netfilter/nf_tables.h).</summary>
internal sealed class NftablesState(NetlinkSocket netfilter, string table)
{
    private const int Subsystem = 10 << 8;
    private const int GetChain = Subsystem | 4;
    private const int GetRule = Subsystem | 7;
    private const int GetElement = Subsystem | 13;
    private const int GetGeneration = Subsystem | 16;
    private const int FamilyHeaderSize = 4;
    private const int InterfaceNameSize = 16;
    private static readonly byte[] Unspecified = [0, 0, 0, 0];
    private static readonly byte[] Inet = [1, 0, 0, 0];

    /// <summary>The ruleset's generation: rises by one with each transaction of anybody in this network namespace. As long as it stands, nothing has changed.</summary>
    public uint Generation()
    {
        var answer = netfilter.Ask(new NetlinkRequest(GetGeneration, NetlinkFlags.None, Unspecified));
        return answer.Messages is [var message]
            ? BinaryPrimitives.ReadUInt32BigEndian(NetlinkAttributes.Find(message.AsSpan(FamilyHeaderSize), type: 1))
            : throw new InterceptionException($"the kernel does not tell the generation of its nftables rules: {Errno.Explain(answer.Errno)}");
    }

    /// <summary>The table's chains and rules as the kernel encodes them, handles included: equal bytes are equal rules, made by the same transaction.</summary>
    public RuleFingerprint Fingerprint() => new(Dump(GetChain), Dump(GetRule));

    /// <summary>What a set has; null when the set is not there.</summary>
    public HashSet<SetElement>? Elements(SetSchema set)
    {
        const int tableAttribute = 1;
        const int setAttribute = 2;
        const int listAttribute = 3;
        var answer = netfilter.Ask(new NetlinkRequest(GetElement, NetlinkFlags.Dump, Inet).With(tableAttribute, table).With(setAttribute, set.Name));
        if (answer.Errno != 0)
        {
            return answer.Errno == Errno.NoEntry ? null : throw new InterceptionException($"the kernel does not list its set '{set.Name}': {Errno.Explain(answer.Errno)}");
        }

        var elements = new HashSet<SetElement>();
        foreach (var message in answer.Messages)
        {
            var list = new NetlinkAttributes(NetlinkAttributes.Find(message.AsSpan(FamilyHeaderSize), listAttribute));
            while (list.Next())
            {
                elements.Add(Decode(set, list.Payload));
            }
        }

        return elements;
    }

    private byte[] Dump(int type)
    {
        const int tableAttribute = 1;
        var answer = netfilter.Ask(new NetlinkRequest(type, NetlinkFlags.Dump, Inet).With(tableAttribute, table));
        if (answer.Errno is not 0 and not Errno.NoEntry)
        {
            throw new InterceptionException($"the kernel does not list its nftables rules: {Errno.Explain(answer.Errno)}");
        }

        // Chains come from every table of the family; the filter in the request is honoured for rules only.
        var ours = Encoding.ASCII.GetBytes(table + '\0');
        return [.. answer.Messages.Select(message => message[FamilyHeaderSize..]).Where(message => NetlinkAttributes.Find(message, tableAttribute).SequenceEqual(ours)).SelectMany(bytes => bytes)];
    }

    /// <summary>A concatenated key is its fields one after the other: a name fills 16 bytes, an address 4 in network byte order.</summary>
    private static SetElement Decode(SetSchema set, ReadOnlySpan<byte> element)
    {
        const int keyAttribute = 1;
        const int dataAttribute = 2;
        const int valueAttribute = 1;
        var key = NetlinkAttributes.Find(NetlinkAttributes.Find(element, keyAttribute), valueAttribute);
        var decoded = new SetElement("");
        foreach (var field in set.Key)
        {
            var size = field == KeyField.Interface ? InterfaceNameSize : sizeof(uint);
            decoded = field switch
            {
                KeyField.Interface => decoded with { Interface = Encoding.ASCII.GetString(key[..size].TrimEnd((byte)0)) },
                _ => decoded with { Address = Address(key) },
            };
            key = key[size..];
        }

        return set.IsMap ? decoded with { Value = Address(NetlinkAttributes.Find(NetlinkAttributes.Find(element, dataAttribute), valueAttribute)) } : decoded;
    }

    private static Ipv4Address Address(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));
}

/// <summary>The constant part of the table as the kernel has it.</summary>
/// <param name="Chains">Empty when the table or its chains are gone.</param>
/// <param name="Rules">Empty when there are none.</param>
internal sealed record RuleFingerprint(ReadOnlyMemory<byte> Chains, ReadOnlyMemory<byte> Rules)
{
    /// <summary>What differs, in words for the log; null when nothing does.</summary>
    public string? DifferenceTo(RuleFingerprint actual, string table) =>
        actual.Chains.IsEmpty ? $"the nftables table 'inet {table}' was gone (flush ruleset?)"
        : !Chains.Span.SequenceEqual(actual.Chains.Span) || !Rules.Span.SequenceEqual(actual.Rules.Span) ? $"chains or rules of the nftables table 'inet {table}' were changed"
        : null;
}
