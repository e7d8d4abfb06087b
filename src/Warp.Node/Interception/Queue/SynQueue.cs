using System.Net.Sockets;
using Warp.Node.Interception.Netlink;
using Warp.Node.Relay.Entry;

namespace Warp.Node.Interception.Queue;

/// <summary>
/// The kernel's packet queue with which connections are held before they are accepted. It belongs to the process: when that ends, what is held is dropped and sent again by the
/// callers, and what comes later is accepted first, because the rule passes by a queue that nobody reads.
/// </summary>
internal sealed class SynQueue : ISynQueue
{
    /// <summary>On a packet that goes on to be refused; the rules answer it with a reset.</summary>
    internal const uint RefusedMark = 0x57415250;

    private const int Length = 4096;

    // The kernel counts about 1.5 KiB for each packet's message.
    private const int ReceiveBuffer = Length * 1536;
    private readonly NetlinkSocket _netfilter;
    private readonly HostUnreachable _unreachable;
    private readonly int _queue;

    private SynQueue(NetlinkSocket netfilter, HostUnreachable unreachable, int queue) => (_netfilter, _unreachable, _queue) = (netfilter, unreachable, queue);

    /// <inheritdoc/>
    public int Descriptor => _netfilter.Descriptor;

    /// <summary>Takes the queue, in the network namespace of the calling thread.</summary>
    /// <param name="number">The queue's number; no other program of the network namespace may use it.</param>
    /// <param name="problem">Why it cannot be had.</param>
    public static SynQueue? Open(int number, out string? problem)
    {
        NetlinkSocket? netfilter = null;
        try
        {
            netfilter = NetlinkSocket.OpenNetfilter();
            var errno = netfilter.Ask(QueueMessages.Bind(number, Length)).Errno;
            problem = errno switch
            {
                0 => null,
                Errno.Busy or Errno.NotPermitted =>
                    $"packet queue {number} belongs to another program (/proc/net/netfilter/nfnetlink_queue shows whose it is), or the right is missing: run the node as root, or give it CAP_NET_ADMIN",
                Errno.Invalid => "this kernel has no packet queue (CONFIG_NETFILTER_NETLINK_QUEUE)",
                _ => $"packet queue {number} cannot be had: {Errno.Explain(errno)}",
            };
            if (problem is null)
            {
                netfilter.Listen(ReceiveBuffer);
                netfilter.Post(QueueMessages.Begin(number, SynPacket.Size));
                return new SynQueue(netfilter, new HostUnreachable(), number);
            }
        }
        catch (InterceptionException exception)
        {
            problem = exception.Message;
        }
        catch (SocketException exception)
        {
            problem = $"no raw socket for ICMP ({exception.Message}): run the node as root, or give it CAP_NET_RAW";
        }

        netfilter?.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public bool TryRead(out HeldSyn syn)
    {
        Span<byte> datagram = stackalloc byte[512];
        while (_netfilter.TryReceive(datagram, out var length))
        {
            if (!QueueMessages.TryReadPacket(datagram[..length], out var number, out var content))
            {
                continue;
            }

            if (SynPacket.TryRead(content, out var call, out var sequence))
            {
                syn = new HeldSyn(number, sequence, call);
                return true;
            }

            // The rule lets nothing else in; the rules behind it decide.
            Post(number, mark: 0);
        }

        syn = default;
        return false;
    }

    /// <inheritdoc/>
    public void Answer(in HeldSyn syn, SynAnswer answer)
    {
        if (answer == SynAnswer.Unreachable)
        {
            _unreachable.Tell(syn);
        }

        Post(syn.Packet, answer switch
        {
            SynAnswer.Accept => 0,
            SynAnswer.Refuse => RefusedMark,
            _ => null,
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _netfilter.Dispose();
        _unreachable.Dispose();
    }

    private void Post(uint packet, uint? mark)
    {
        Span<byte> message = stackalloc byte[QueueMessages.VerdictSize];
        _netfilter.Post(message[..QueueMessages.WriteVerdict(_queue, packet, mark, message)]);
    }
}
