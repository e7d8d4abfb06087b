using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>Takes questions by TCP, for answers that fit into no datagram: one after the other on each connection.</summary>
/// <param name="resolver">Who answers.</param>
/// <param name="open">How many connections may be open.</param>
/// <param name="counters">What came of the questions.</param>
internal sealed class ConnectionListener(Resolver resolver, Occupancy open, NameCounters counters) : IDisposable
{
    private const int Backlog = 128;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Binds the socket and listens.</summary>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public void Bind(IPEndPoint endpoint)
    {
        _socket.Bind(endpoint);
        _socket.Listen(Backlog);
    }

    /// <summary>Answers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Take(await _socket.AcceptAsync(cancellationToken), cancellationToken);
            }
            catch (SocketException)
            {
                // The connection was over before it was taken, or there is no descriptor left for it: others are about to close.
                await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Take(Socket connection, CancellationToken cancellationToken)
    {
        if (connection is not { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote })
        {
            connection.Dispose();
            return;
        }

        var asker = new Asker(Ipv4Address.From(local.Address), Ipv4Address.From(remote.Address));
        if (open.TryEnter(asker))
        {
            _ = ServeAsync(connection, asker, cancellationToken);
        }
        else
        {
            counters.Count(NameEvent.TooMany, asker);
            connection.Dispose();
        }
    }

    private async Task ServeAsync(Socket connection, Asker asker, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            do
            {
                // Also for a question that comes byte by byte, and for an answer that is not read.
                limit.CancelAfter(s_patience);
            }
            while (await ServeOneAsync(stream, asker, limit.Token));
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or SocketException)
        {
            // The other end's right, the end of its time, or the node's end.
        }
        finally
        {
            open.Leave(asker);
        }
    }

    private async Task<bool> ServeOneAsync(NetworkStream stream, Asker asker, CancellationToken cancellationToken)
    {
        if (await DnsStream.ReadAsync(stream, cancellationToken) is not { } query
            || await resolver.AnswerAsync(asker, query, overTcp: true, cancellationToken) is not { } answer)
        {
            return false;
        }

        await DnsStream.WriteAsync(stream, answer, cancellationToken);
        return true;
    }
}
