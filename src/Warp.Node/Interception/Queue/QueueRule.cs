using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Warp.Node.Interception.Netlink;

namespace Warp.Node.Interception.Queue;

/// <summary>
/// The rule that hands a packet to the queue of this process, and past it when nobody reads the queue. nftables' own expression is not in every kernel; the target of iptables is
/// in all that have the queue, and nftables takes it too (nft_compat), so that no other program and no table of another owner is needed.
/// </summary>
/// <param name="Queue">The queue's number.</param>
/// <param name="IsNative">Whether it is nftables' own expression.</param>
internal sealed record QueueRule(int Queue, bool IsNative)
{
    private const int Subsystem = 10 << 8;
    private const int NewTable = Subsystem | 0;
    private const int NewChain = Subsystem | 3;
    private const int NewRule = Subsystem | 6;
    private const int TableName = 1;
    private const int ChainTable = 1;
    private const int ChainName = 3;
    private const int RuleTable = 1;
    private const int RuleChain = 2;
    private const int RuleExpressions = 4;
    private const int ListElement = 1;
    private const int ExpressionName = 1;
    private const int ExpressionData = 2;
    private const ushort Bypass = 1;
    private static readonly byte[] Inet = [1, 0, 0, 0];

    /// <summary>Asks the kernel which rule it takes; null when it takes none.</summary>
    /// <param name="netfilter">Where to ask.</param>
    /// <param name="queue">The queue's number.</param>
    /// <param name="errno">Why it takes none.</param>
    public static QueueRule? Find(NetlinkSocket netfilter, int queue, out int errno)
    {
        var native = new QueueRule(queue, IsNative: true);
        var target = new QueueRule(queue, IsNative: false);
        errno = native.Probe(netfilter);
        if (errno == 0)
        {
            return native;
        }

        errno = target.Probe(netfilter);
        return errno == 0 ? target : null;
    }

    /// <summary>Appends it to a chain.</summary>
    /// <exception cref="InterceptionException">The kernel does not take it.</exception>
    public void AppendTo(NetlinkSocket netfilter, string table, string chain)
    {
        var errno = netfilter.AskInTransaction([ToRequest(table, chain)], commit: true).Errno;
        if (errno != 0)
        {
            throw new InterceptionException($"the kernel does not take the rule that holds connections for the relay (queue {Queue}): {Errno.Explain(errno)}");
        }
    }

    private int Probe(NetlinkSocket netfilter)
    {
        const string name = "warp_probe";
        return netfilter.AskInTransaction(
            [
                new NetlinkRequest(NewTable, NetlinkFlags.Create, Inet).With(TableName, name),
                new NetlinkRequest(NewChain, NetlinkFlags.Create, Inet).With(ChainTable, name).With(ChainName, name),
                ToRequest(name, name),
            ],
            commit: false).Errno;
    }

    private NetlinkRequest ToRequest(string table, string chain) =>
        new NetlinkRequest(NewRule, NetlinkFlags.Create | NetlinkFlags.Append | NetlinkFlags.Acknowledge, Inet)
            .With(RuleTable, table)
            .With(RuleChain, chain)
            .With(NetlinkRequest.Nested(RuleExpressions, IsNative ? Native() : Target()));

    // NFTA_QUEUE_NUM, _TOTAL and _FLAGS.
    private byte[] Native() => Expression("queue", Number(1, (ushort)Queue), Number(2, 1), Number(3, Bypass));

    // NFTA_TARGET_NAME, _REV and _INFO; the last is struct xt_NFQ_info_v3: queue, how many queues, flags, in host byte order, filled up to eight bytes.
    private byte[] Target()
    {
        var info = new byte[8];
        MemoryMarshal.Write(info, (ushort)Queue);
        MemoryMarshal.Write(info.AsSpan(2), (ushort)1);
        MemoryMarshal.Write(info.AsSpan(4), Bypass);
        return Expression("target", NetlinkRequest.Attribute(1, "NFQUEUE\0"u8), NetlinkRequest.Attribute(2, [0, 0, 0, 3]), NetlinkRequest.Attribute(3, info));
    }

    private static byte[] Expression(string name, params ReadOnlySpan<byte[]> data) => NetlinkRequest.Nested(
        ListElement, NetlinkRequest.Attribute(ExpressionName, Encoding.ASCII.GetBytes(name + '\0')), NetlinkRequest.Nested(ExpressionData, data));

    private static byte[] Number(int attribute, ushort value)
    {
        Span<byte> payload = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, value);
        return NetlinkRequest.Attribute(attribute, payload);
    }
}
