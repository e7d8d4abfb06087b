using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>Takes questions by UDP, on one socket for all bridges: the kernel says with each datagram which of this host's addresses it was sent to.</summary>
/// <param name="resolver">Who answers.</param>
internal sealed class DatagramListener(Resolver resolver) : IDisposable
{
    // More than any query has, and more than an answer of ours.
    private const int LargestQuery = 4096;

    // Beyond what the host allows every program (net.core.rmem_max), so that what many containers ask at once has room; the node is root. <asm-generic/socket.h>
    private const int QueueBytes = 4 * 1024 * 1024;
    private const int SolSocket = 1;
    private const int ReceiveBufferForce = 33;
    private static readonly IPEndPoint s_anybody = new(IPAddress.Any, 0);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Binds the socket.</summary>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public void Bind(IPEndPoint endpoint)
    {
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, optionValue: true);
        _socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(QueueBytes));
        _socket.Bind(endpoint);
    }

    /// <summary>Answers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestQuery];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, s_anybody, cancellationToken);
                Take(received, buffer, cancellationToken);
            }
            catch (SocketException)
            {
                // One datagram's matter, such as memory that the kernel did not have for it.
                await Task.Yield();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Take(SocketReceiveMessageFromResult received, byte[] buffer, CancellationToken cancellationToken)
    {
        var from = (IPEndPoint)received.RemoteEndPoint;
        var asker = new Asker(Ipv4Address.From(received.PacketInformation.Address), Ipv4Address.From(from.Address));
        var answer = resolver.AnswerAsync(asker, buffer.AsMemory(0, received.ReceivedBytes).ToArray(), overTcp: false, cancellationToken);
        _ = answer.IsCompletedSuccessfully ? SendAsync(answer.Result, from) : SendWhenThereAsync(answer.AsTask(), from);
    }

    private async Task SendWhenThereAsync(Task<byte[]?> answer, IPEndPoint to)
    {
        try
        {
            await SendAsync(await answer, to);
        }
        catch (OperationCanceledException)
        {
            // The node ends; who asked asks somebody else.
        }
    }

    // The way back to a container leads over its bridge, so the kernel chooses the address that was asked.
    private async Task SendAsync(byte[]? answer, IPEndPoint to)
    {
        if (answer is null)
        {
            return;
        }

        try
        {
            _ = await _socket.SendToAsync(answer, SocketFlags.None, to);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // A container that has gone, or the node's end. A client asks again what it still wants to know.
        }
    }
}
