using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Containers;

/// <summary>Counts the TCP connections into containers of this runner, whichever way they came.</summary>
public interface IConnectionCounter
{
    /// <summary>How many are open or being opened into each of the addresses; of an address without any, 0.</summary>
    /// <param name="containers">The containers' addresses.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    /// <returns>A number for each address; a failure when the kernel does not tell.</returns>
    Task<ConnectionCounts> CountAsync(ImmutableArray<Ipv4Address> containers, CancellationToken cancellationToken);
}

/// <summary>What was counted.</summary>
/// <param name="ByAddress">A number for each address that was asked for; empty on failure.</param>
/// <param name="Failure">Why nothing could be counted, with the next step; null on success.</param>
public sealed record ConnectionCounts(ImmutableDictionary<Ipv4Address, int> ByAddress, string? Failure);
