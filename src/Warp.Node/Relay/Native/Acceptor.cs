using Warp.Cluster.Identity;

namespace Warp.Node.Relay.Native;

/// <summary>
/// A listening socket that several loops share. When the process is out of descriptors it gives up a spare one to take and close the connection:
/// the client sees a reset at once, and the loop does not turn in circles about a connection that it cannot take.
/// </summary>
internal sealed class Acceptor(Descriptor listener) : IDisposable
{
    private readonly Lock _gate = new();
    private WakeSignal? _spare = new();

    /// <summary>The listening descriptor.</summary>
    internal int Number => listener.Number;

    /// <summary>Takes one waiting connection; null when there is none.</summary>
    internal Descriptor? Accept(out Ipv4Address peer) => Accept(out peer, out _);

    /// <summary>The same, with the port that it comes from.</summary>
    internal Descriptor? Accept(out Ipv4Address peer, out int peerPort)
    {
        var accepted = TcpSocket.Accept(listener.Number, out peer, out peerPort, out var fault);
        if (accepted >= 0)
        {
            return new Descriptor(accepted);
        }

        if (fault == SocketFault.Exhausted)
        {
            Shed();
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spare?.Dispose();
        listener.Dispose();
    }

    private void Shed()
    {
        lock (_gate)
        {
            _spare?.Dispose();
            _spare = null;
            var accepted = TcpSocket.Accept(listener.Number, out _, out _, out _);
            if (accepted >= 0)
            {
                using var shed = new Descriptor(accepted);
                TcpSocket.ResetOnClose(accepted);
            }

            try
            {
                _spare = new WakeSignal();
            }
            catch (InvalidOperationException)
            {
                // Another thread took the descriptor: the next accept finds out.
            }
        }
    }
}
