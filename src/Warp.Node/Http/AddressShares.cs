using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Warp.Node.Http;

/// <summary>
/// Divides the connections of a listener among the addresses that they come from: one may have as many as are still free, so the greediest is the first that gets no more
/// and there are always some left for one that has few.
/// </summary>
/// <param name="limit">How many connections there may be in all.</param>
public sealed class AddressShares(int limit)
{
    private readonly ConcurrentDictionary<IPAddress, int> _held = new();
    private int _all;

    /// <summary>Whether nobody has a connection.</summary>
    public bool IsEmpty => _held.IsEmpty;

    /// <summary>Stands in front of everything else that a listener does with a connection.</summary>
    public ConnectionDelegate Bound(ConnectionDelegate next) => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        try
        {
            if (Take(address))
            {
                await next(connection).ConfigureAwait(false);
            }
            else
            {
                connection.Abort(new ConnectionAbortedException($"{address} has as many connections as one address may have now"));
            }
        }
        finally
        {
            Return(address);
        }
    };

    private bool Take(IPAddress address)
    {
        var held = _held.AddOrUpdate(address, 1, static (_, before) => before + 1);
        return held <= limit - Interlocked.Increment(ref _all) + 1;
    }

    private void Return(IPAddress address)
    {
        Interlocked.Decrement(ref _all);
        if (_held.AddOrUpdate(address, 0, static (_, before) => before - 1) == 0)
        {
            _held.TryRemove(KeyValuePair.Create(address, 0));
        }
    }
}
