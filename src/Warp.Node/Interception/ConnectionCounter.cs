using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Netlink;

namespace Warp.Node.Interception;

/// <summary>Counts the connections into containers by asking the kernel's connection tracking.</summary>
/// <param name="scheduler">Runs the counting; its thread's network namespace is the one that is asked. Null: the thread pool.</param>
internal sealed class ConnectionCounter(TaskScheduler? scheduler = null) : IConnectionCounter
{
    /// <inheritdoc/>
    public Task<ConnectionCounts> CountAsync(ImmutableArray<Ipv4Address> containers, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Count(containers), cancellationToken, TaskCreationOptions.None, scheduler ?? TaskScheduler.Default);

    private static ConnectionCounts Count(ImmutableArray<Ipv4Address> containers)
    {
        try
        {
            using var netfilter = NetlinkSocket.OpenNetfilter();
            var counts = containers.Distinct().ToDictionary(address => address, _ => 0);
            new TrackedConnections(netfilter).Count(counts);
            return new ConnectionCounts(counts.ToImmutableDictionary(), null);
        }
        catch (InterceptionException failure)
        {
            return new ConnectionCounts(ImmutableDictionary<Ipv4Address, int>.Empty, failure.Message);
        }
    }
}
