using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Dialing;

namespace Warp.Node.Tests.Ingress.Bed;

/// <summary>Stands in for the relay: each runner is a port on loopback.</summary>
internal sealed class TcpDialer : IServiceDialer
{
    public ConcurrentDictionary<RunnerId, int> Ports { get; } = new();

    /// <summary>Every target that was asked for.</summary>
    public ConcurrentQueue<PublicTarget> Asked { get; } = new();

    public async Task<Stream> ConnectAsync(PublicTarget target, CancellationToken cancellationToken)
    {
        Asked.Enqueue(target);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(target.Hold);
        while (true)
        {
            foreach (var runner in target.Runners)
            {
                if (Ports.TryGetValue(runner, out var port))
                {
                    return await ConnectAsync(port, cancellationToken);
                }
            }

            try
            {
                await Task.Delay(10, patience.Token);
            }
            catch (OperationCanceledException tired) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"10.201.0.7: no instance of {target.Service} took it", tired);
            }
        }
    }

    public static async Task<Stream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException(failure.Message, failure);
        }
    }
}
