using System.Net;
using Microsoft.AspNetCore.Connections;
using Warp.Node.Limits;

namespace Warp.Node.Http;

/// <summary>Divides the connections of a listener among the addresses that they come from, so that one alone cannot take them all.</summary>
/// <param name="limit">How many connections there may be in all.</param>
internal sealed class AddressShares(int limit)
{
    private readonly FairShares<IPAddress> _connections = new(limit);

    /// <summary>Whether nobody has a connection.</summary>
    public bool IsEmpty => _connections.IsEmpty;

    /// <summary>Stands in front of everything else that a listener does with a connection.</summary>
    public ConnectionDelegate Bound(ConnectionDelegate next) => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!_connections.TryTake(address))
        {
            connection.Abort(new ConnectionAbortedException($"{address} has as many connections as one address may have now"));
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _connections.Return(address);
        }
    };
}
