using Warp.Node.Interception.Netlink;

namespace Warp.Node.Interception.Queue;

/// <summary>
/// What it takes to dial a service before its caller is answered: the kernel's packet queue, and a rule that leads to it. Without, connections are accepted first and end with a reset
/// when the service cannot be dialled.
/// </summary>
/// <param name="Queue">The queue; null when it cannot be had.</param>
/// <param name="Rule">The rule; null when there is no queue.</param>
/// <param name="Problem">Why there is none, for a person.</param>
internal sealed record DialFirst(SynQueue? Queue, QueueRule? Rule, string? Problem)
{
    /// <summary>It is not wanted.</summary>
    public static DialFirst SwitchedOff { get; } = new(null, null, "it is switched off (warp.relay.dial-first = false)");

    /// <summary>Looks what the kernel offers, and takes the queue, in the network namespace of the calling thread.</summary>
    public static DialFirst Open(InterceptionOptions options)
    {
        // No two nodes of one network namespace have the same port, so they do not meet at the queue either.
        var number = options.InterceptPort;
        if (SynQueue.Open(number, out var problem) is not { } queue)
        {
            return new DialFirst(null, null, problem);
        }

        try
        {
            using var netfilter = NetlinkSocket.OpenNetfilter();
            if (QueueRule.Find(netfilter, number, out var errno) is { } rule)
            {
                return new DialFirst(queue, rule, null);
            }

            problem = $"nftables of this kernel has neither 'queue' (CONFIG_NFT_QUEUE) nor iptables' target NFQUEUE (CONFIG_NFT_COMPAT, CONFIG_NETFILTER_XT_TARGET_NFQUEUE): {Errno.Explain(errno)}";
        }
        catch (InterceptionException exception)
        {
            problem = exception.Message;
        }

        queue.Dispose();
        return new DialFirst(null, null, problem);
    }
}
