using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Protocol;

namespace Warp.Node.Relay.Trunks;

/// <summary>Where a peer is dialled, as an address.</summary>
internal static class TunnelAddress
{
    /// <summary>Resolves a host name; an address is taken as it is. The first address that the resolver gives is used.</summary>
    internal static async Task<(IPEndPoint? Address, string? Problem)> ResolveAsync(NodeEndpoint endpoint)
    {
        if (IPAddress.TryParse(endpoint.Host, out var literal))
        {
            return (new IPEndPoint(literal, endpoint.Port), null);
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(endpoint.Host).ConfigureAwait(false);
            return addresses is [var first, ..]
                ? (new IPEndPoint(first, endpoint.Port), null)
                : (null, $"the name {endpoint.Host} has no address: check DNS, or advertise the runner by its address");
        }
        catch (SocketException failure)
        {
            return (null, $"the name {endpoint.Host} does not resolve ({failure.Message}): check DNS, or advertise the runner by its address");
        }
    }
}
