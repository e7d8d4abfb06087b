using System.Net;
using System.Net.Sockets;
using Warp.Node.Relay.Dialing;

namespace Warp.Bench.Ingress;

/// <summary>Every service is on loopback, at its own port: what the relay costs is measured elsewhere.</summary>
internal sealed class LoopbackDialer : IServiceDialer
{
    public async Task<Stream> ConnectAsync(PublicTarget target, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException(failure.Message, failure);
        }
    }
}
