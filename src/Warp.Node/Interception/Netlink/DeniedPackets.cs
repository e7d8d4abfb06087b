using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Warp.Cluster.Identity;

namespace Warp.Node.Interception.Netlink;

/// <summary>Reads what the guards of our table have counted (the messages of linux/netfilter/nf_tables.h).</summary>
internal sealed class DeniedPackets(NetlinkSocket netfilter, string table)
{
    private const int Subsystem = 10 << 8;
    private const int GetElement = Subsystem | 13;
    private const int GetObject = Subsystem | 19;
    private const int TableAttribute = 1;
    private const int NameAttribute = 2;
    private const int FamilyHeaderSize = 4;
    private const int InterfaceNameSize = 16;
    private static readonly byte[] Inet = [1, 0, 0, 0];

    /// <summary>The named counters, by reason; those at zero are absent, as all are when the table is gone.</summary>
    public ImmutableDictionary<GuardReason, long> ByReason()
    {
        const int typeAttribute = 3;
        const int dataAttribute = 4;
        const uint counterType = 1;
        var counters = netfilter.Ask(new NetlinkRequest(GetObject, NetlinkFlags.Dump, Inet).With(TableAttribute, table).WithBigEndian(typeAttribute, counterType)).Messages
            .ToDictionary(
                message => Text(NetlinkAttributes.Find(message.AsSpan(FamilyHeaderSize), NameAttribute)),
                message => Packets(NetlinkAttributes.Find(message.AsSpan(FamilyHeaderSize), dataAttribute)),
                StringComparer.Ordinal);
        return Enum.GetValues<GuardReason>()
            .Select(reason => KeyValuePair.Create(reason, counters.GetValueOrDefault(reason.CounterName())))
            .Where(count => count.Value > 0)
            .ToImmutableDictionary();
    }

    /// <summary>Who was stopped lately, in no order.</summary>
    public ImmutableArray<DeniedSource> Sources()
    {
        const int listAttribute = 3;
        var answer = netfilter.Ask(new NetlinkRequest(GetElement, NetlinkFlags.Dump, Inet).With(TableAttribute, table).With(NameAttribute, "denied"));
        var sources = ImmutableArray.CreateBuilder<DeniedSource>();
        foreach (var message in answer.Messages)
        {
            var list = new NetlinkAttributes(NetlinkAttributes.Find(message.AsSpan(FamilyHeaderSize), listAttribute));
            while (list.Next())
            {
                sources.Add(Source(list.Payload));
            }
        }

        return sources.ToImmutable();
    }

    /// <summary>The key is a name of 16 bytes and an address; the counter is the element's expression.</summary>
    private static DeniedSource Source(ReadOnlySpan<byte> element)
    {
        const int keyAttribute = 1;
        const int valueAttribute = 1;
        const int expressionAttribute = 7;
        const int dataAttribute = 2;
        var key = NetlinkAttributes.Find(NetlinkAttributes.Find(element, keyAttribute), valueAttribute);
        var counter = NetlinkAttributes.Find(NetlinkAttributes.Find(element, expressionAttribute), dataAttribute);
        return new DeniedSource(
            Text(key[..InterfaceNameSize]), new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(key[InterfaceNameSize..])), Packets(counter));
    }

    private static long Packets(ReadOnlySpan<byte> counter)
    {
        const int packetsAttribute = 2;
        return BinaryPrimitives.ReadInt64BigEndian(NetlinkAttributes.Find(counter, packetsAttribute));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes.TrimEnd((byte)0));
}
